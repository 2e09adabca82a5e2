import type { Command } from '../command.ts'

/** `hasim schema`: JSON Schema of the formats. */
export const schemaCommand: Command = {
  name: 'schema',
  positionals: '[experiment|model|profile|plan|target|result]',
  describe:
    'Prints the JSON Schema of a format (default: experiment). Editors that speak YAML complete keys and show ' +
    'what they mean when a file begins with the line  # yaml-language-server: $schema=FILE',
  count: { min: 0, max: 1 },
  options: {},
  examples: [
    ['hasim schema > experiment.schema.json', 'what an experiment may say'],
    ['hasim schema result | jq .properties', 'what a result holds'],
  ],
  run: async (args) => (await import('../actions/schema.ts')).run(args),
}
