/** @see kubernetes pkg/apis/apps/v1/defaults.go */
import type { DaemonSet, Deployment, PersistentVolumeClaim, ReplicaSet, StatefulSet } from "../../../../generated/v1.36/model.ts";
import { persistentVolumeClaim } from "./core.ts";
import { change, each, fill } from "./fill.ts";
import { podTemplateSpec } from "./pod.ts";

export function deployment(given: Deployment): Deployment {
  return change(given, "spec", (spec) => {
    let s = fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} });
    s = change(s, "strategy", (strategy) => {
      const typed = fill(strategy, { type: "RollingUpdate" });
      if (typed.type !== "RollingUpdate") return typed;
      return { ...typed, rollingUpdate: fill(typed.rollingUpdate ?? {}, { maxUnavailable: "25%", maxSurge: "25%" }) };
    });
    return change(s, "template", podTemplateSpec);
  });
}

export function daemonSet(given: DaemonSet): DaemonSet {
  return change(given, "spec", (spec) => {
    let s = fill(spec, { revisionHistoryLimit: 10, updateStrategy: {} });
    s = change(s, "updateStrategy", (strategy) => {
      const typed = fill(strategy, { type: "RollingUpdate" });
      if (typed.type !== "RollingUpdate") return typed;
      return { ...typed, rollingUpdate: fill(typed.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 }) };
    });
    return change(s, "template", podTemplateSpec);
  });
}

export function statefulSet(given: StatefulSet): StatefulSet {
  return change(given, "spec", (spec) => {
    let s = fill(spec, {
      podManagementPolicy: "OrderedReady",
      replicas: 1,
      revisionHistoryLimit: 10,
      updateStrategy: {},
      persistentVolumeClaimRetentionPolicy: {},
    });
    s = change(s, "updateStrategy", (strategy) => {
      const typed = strategy.type === undefined ? fill(strategy, { type: "RollingUpdate", rollingUpdate: {} }) : strategy;
      return typed.type === "RollingUpdate" ? change(typed, "rollingUpdate", (r) => fill(r, { partition: 0 })) : typed;
    });
    s = change(s, "persistentVolumeClaimRetentionPolicy", (p) => fill(p, { whenDeleted: "Retain", whenScaled: "Retain" }));
    s = change(s, "volumeClaimTemplates", each(claimTemplate));
    return change(s, "template", podTemplateSpec);
  });
}

function claimTemplate(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  return persistentVolumeClaim(fill(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim" }));
}

export function replicaSet(given: ReplicaSet): ReplicaSet {
  return change(given, "spec", (s) => change(fill(s, { replicas: 1 }), "template", podTemplateSpec));
}
