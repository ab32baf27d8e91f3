/**
 * Paths to a field as Kubernetes writes them: `spec.containers[0].ports[1].name`, `metadata.labels[app]`.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/field/path.go
 */
export const child = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
export const index = (path: string, i: number): string => `${path}[${i}]`;
export const key = (path: string, k: string): string => `${path}[${k}]`;
