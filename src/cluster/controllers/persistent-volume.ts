/** PersistentVolumes and the claims on them (being written, 01:22; volumes are mine). */
