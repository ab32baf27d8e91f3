/** The same 1,000 Deployments and Services, as each of the programs wants to read them. */

export const PAIRS = 1000;

const deployment = (name: string, quote: string): string =>
  `{ metadata: { name: ${name}, namespace: ${quote}shop${quote}, labels: { app: ${name} } }, spec: { replicas: 2, selector: { matchLabels: { app: ${name} } }, ` +
  `template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: "web", image: "nginx:1.27", ports: [{ name: "http", containerPort: 80 }], ` +
  `resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } } }] } } } }`;
const service = (name: string): string =>
  `{ metadata: { name: ${name}, namespace: "shop" }, spec: { selector: { app: ${name} }, ports: [{ name: "http", port: 80, targetPort: "http" }] } }`;

const IMPORTS = 'import { Deployment } from "seatrial/apps/v1";\nimport { Service } from "seatrial/core/v1";\n\n';

/** A loop, as most people would write it. */
export function seatrialLoop(): string {
  return (
    `${IMPORTS}export default Array.from({ length: ${PAIRS} }, (_, i) => {\n  const app = \`web-\${i}\`;\n` +
    `  return [Deployment(${deployment("app", '"')}), Service(${service("app")})];\n});\n`
  );
}

/** Every object spelled out, one field a line: about 20,000 lines. */
export function seatrialLiterals(): string {
  const spelled = (text: string): string => text.replace(/([{[,]) /g, "$1\n    ");
  const pairs = Array.from({ length: PAIRS }, (_, i) => {
    const name = `"web-${i}"`;
    return `  Deployment(${spelled(deployment(name, '"'))}),\n  Service(${spelled(service(name))}),\n`;
  });
  return `${IMPORTS}export default [\n${pairs.join("")}];\n`;
}

/** kubernetes-models under kosko: a component that exports a list. */
export function koskoComponent(): string {
  return (
    'import { Deployment } from "kubernetes-models/apps/v1";\nimport { Service } from "kubernetes-models/v1";\n\n' +
    `export default Array.from({ length: ${PAIRS} }, (_, i) => {\n  const app = \`web-\${i}\`;\n` +
    `  return [new Deployment(${deployment("app", '"')}), new Service(${service("app")})];\n}).flat();\n`
  );
}

/** The main.ts of cdk8s' typescript-app template, with its L1 constructs. */
export function cdk8sMain(): string {
  const typed = (text: string): string =>
    text
      .replace(/(cpu|memory): "([^"]+)"/g, '$1: Quantity.fromString("$2")')
      .replace('targetPort: "http"', 'targetPort: IntOrString.fromString("http")');
  return `import { Construct } from 'constructs';
import { App, Chart, ChartProps } from 'cdk8s';
import { IntOrString, KubeDeployment, KubeService, Quantity } from 'cdk8s-plus-33/lib/imports/k8s';

export class MyChart extends Chart {
  constructor(scope: Construct, id: string, props: ChartProps = {}) {
    super(scope, id, props);
    for (let i = 0; i < ${PAIRS}; i++) {
      const app = \`web-\${i}\`;
      new KubeDeployment(this, \`deployment-\${i}\`, ${typed(deployment("app", '"'))});
      new KubeService(this, \`service-\${i}\`, ${typed(service("app"))});
    }
  }
}

const app = new App();
new MyChart(app, 'bench');
app.synth();
`;
}
