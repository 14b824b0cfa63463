// Measures the noise profile of a model on this machine and writes it beside the others:
//   node services/lib/engine/src/measure/main.ts camelid-tiny-F16 [--models models] [--tau 0.05] [--tail-scale 0.02] [--repeat 3]
import { parseArgs } from 'node:util'
import { measureProfile } from './measure-profile.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: 'string', default: 'models' },
    tau: { type: 'string', default: '0.05' },
    'tail-scale': { type: 'string', default: '0.02' },
    repeat: { type: 'string', default: '3' },
  },
})
await measureProfile({
  model: positionals[0] ?? 'camelid-tiny-F16',
  modelsDir: values.models,
  tau: Number(values.tau),
  tailScale: Number(values['tail-scale']),
  repeat: Number(values.repeat),
})
