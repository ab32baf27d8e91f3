/** Finalizers of volumes and claims (being written, 01:22). */
