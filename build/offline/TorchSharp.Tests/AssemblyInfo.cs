// libtorch's generator and thread count belong to the process, and so does the memory that is measured here.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
