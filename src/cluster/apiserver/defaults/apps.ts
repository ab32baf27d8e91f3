/** @see kubernetes pkg/apis/apps/v1/defaults.go */
import type { DaemonSet, Deployment, PersistentVolumeClaim, ReplicaSet, StatefulSet } from "../../../../generated/v1.36/model.ts";
import { persistentVolumeClaim } from "./core.ts";
import { type Draft, fill } from "./fill.ts";
import { podTemplateSpec } from "./pod.ts";

export function deployment({ spec: s }: Draft<Deployment>): void {
  if (!s) return;
  s.replicas ??= 1;
  s.revisionHistoryLimit ??= 10;
  s.progressDeadlineSeconds ??= 600;
  s.strategy ??= {};
  s.strategy.type ??= "RollingUpdate";
  if (s.strategy.type === "RollingUpdate") {
    s.strategy.rollingUpdate ??= {};
    s.strategy.rollingUpdate.maxUnavailable ??= "25%";
    s.strategy.rollingUpdate.maxSurge ??= "25%";
  }
  if (s.template) podTemplateSpec(s.template);
}

export function daemonSet({ spec: s }: Draft<DaemonSet>): void {
  if (!s) return;
  s.revisionHistoryLimit ??= 10;
  s.updateStrategy ??= {};
  s.updateStrategy.type ??= "RollingUpdate";
  if (s.updateStrategy.type === "RollingUpdate") {
    s.updateStrategy.rollingUpdate ??= {};
    s.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    s.updateStrategy.rollingUpdate.maxSurge ??= 0;
  }
  if (s.template) podTemplateSpec(s.template);
}

export function statefulSet({ spec: s }: Draft<StatefulSet>): void {
  if (!s) return;
  s.podManagementPolicy ??= "OrderedReady";
  s.replicas ??= 1;
  s.revisionHistoryLimit ??= 10;
  s.updateStrategy ??= {};
  s.persistentVolumeClaimRetentionPolicy ??= {};
  if (s.updateStrategy.type === undefined) fill(s.updateStrategy, { type: "RollingUpdate", rollingUpdate: {} });
  if (s.updateStrategy.type === "RollingUpdate" && s.updateStrategy.rollingUpdate) s.updateStrategy.rollingUpdate.partition ??= 0;
  s.persistentVolumeClaimRetentionPolicy.whenDeleted ??= "Retain";
  s.persistentVolumeClaimRetentionPolicy.whenScaled ??= "Retain";
  s.volumeClaimTemplates?.forEach(claimTemplate);
  if (s.template) podTemplateSpec(s.template);
}

function claimTemplate(claim: Draft<PersistentVolumeClaim>): void {
  fill(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim" });
  persistentVolumeClaim(claim);
}

export function replicaSet({ spec: s }: Draft<ReplicaSet>): void {
  if (!s) return;
  s.replicas ??= 1;
  if (s.template) podTemplateSpec(s.template);
}
