import { toChaosMesh } from './chaos-mesh.ts'
import { toChaosToolkit } from './chaos-toolkit.ts'
import type { Exporter } from './exported.ts'
import { toLitmus } from './litmus.ts'
import { toShell } from './shell.ts'

/** Other tools' forms of a fault plan, by the name that `hasim plan --as` takes. */
export const EXPORTERS: { readonly [form: string]: Exporter } = {
  'chaos-toolkit': toChaosToolkit,
  litmus: toLitmus,
  'chaos-mesh': toChaosMesh,
  shell: toShell,
}
