// Torch has one generator and one count of live tensors for all.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
