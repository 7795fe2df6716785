// Brokers, databases and processes of workers share the processors with what is measured here.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
