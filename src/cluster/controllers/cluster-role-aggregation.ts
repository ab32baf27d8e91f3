/** ClusterRole aggregation (being written, 01:22). */
