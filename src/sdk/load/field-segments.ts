/**
 * The steps of a field path as Kubernetes writes them.
 *
 * | path | steps |
 * |---|---|
 * | `spec.containers[0].image` | spec, containers, 0, image |
 * | `metadata.labels[app.kubernetes.io/name]` | metadata, labels, app.kubernetes.io/name |
 * | `spec.template.spec.containers[0].ports[1]` | spec, template, spec, containers, 0, ports, 1 |
 */
export function pathSegments(path: string): readonly string[] {
  const segments: string[] = [];
  for (const match of path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)) segments.push(unquoted(match[1] ?? match[0]));
  return segments;
}

/** `["a b"]`: the brackets may hold a quoted text. */
function unquoted(segment: string): string {
  return /^".*"$/.test(segment) ? segment.slice(1, -1) : segment;
}
