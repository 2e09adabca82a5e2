import { stringify } from 'yaml'

/** A document as YAML: long texts stay on one line, texts that look like something else are quoted. */
export function writeYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 })
}
