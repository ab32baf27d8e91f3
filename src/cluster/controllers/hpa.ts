/** arithmetic of autoscalers (being written, 01:22). */
