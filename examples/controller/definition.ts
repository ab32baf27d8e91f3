/** The kind Website: an image, a number of copies, and what its controller reports. */
import { CustomResourceDefinition } from "seatrial/apiextensions.k8s.io/v1";

export const definition = CustomResourceDefinition({
  metadata: { name: "websites.example.com" },
  spec: {
    group: "example.com",
    names: { kind: "Website", plural: "websites", singular: "website" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              spec: {
                type: "object",
                required: ["image"],
                properties: {
                  image: { type: "string", minLength: 1 },
                  copies: { type: "integer", minimum: 0, maximum: 50, default: 2 },
                  pausedUntil: { type: "string", format: "date-time" },
                },
              },
              status: {
                type: "object",
                properties: {
                  readyCopies: { type: "integer" },
                  phase: { type: "string", enum: ["Progressing", "Ready", "Paused"] },
                  address: { type: "string" },
                  observedGeneration: { type: "integer" },
                },
              },
            },
          },
        },
      },
    ],
  },
});
