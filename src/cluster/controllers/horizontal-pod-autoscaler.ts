/** HorizontalPodAutoscalers (being written, 01:22). */
