// Live tensors and torch's random generator are counted for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
