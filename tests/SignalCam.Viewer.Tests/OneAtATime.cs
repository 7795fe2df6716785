// Some tests measure memory and time: nothing else may run beside them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
