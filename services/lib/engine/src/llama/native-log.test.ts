import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOutOfMemory, NativeLog } from './native-log.ts'

/** ggml_log_level. */
const [INFO, WARNING, ERROR, CONTINUED] = [2, 3, 4, 5]

test('lines that come in parts are told whole, warnings kept until they are asked for', () => {
  const log = new NativeLog()
  const heard: [string, boolean][] = []
  const listening = log.listen((line, isWarning) => heard.push([line, isWarning]))
  log.write(INFO, 'loading ')
  log.write(CONTINUED, '.')
  log.write(CONTINUED, '.\nnext')
  log.write(WARNING, ' line\n')
  log.write(ERROR, 'failed  \n')
  listening[Symbol.dispose]()
  log.write(INFO, 'nobody hears this\n')
  assert.deepEqual(heard, [
    ['loading ..', false],
    ['next line', true],
    ['failed', true],
  ])
  assert.equal(log.takeWarnings(), 'next line; failed')
  assert.equal(log.takeWarnings(), '')
})

test('of many warnings the last few are kept', () => {
  const log = new NativeLog()
  for (let i = 0; i < 1000; i++) log.write(ERROR, `line ${i}\n`)
  assert.equal(log.takeWarnings(), 'line 996; line 997; line 998; line 999')
})

test('what llama.cpp says when memory runs short is known from other failures', () => {
  for (const said of [
    'ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 54525952000',
    'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000.00 MiB on device 0: cudaMalloc failed: out of memory',
    'llama_init_from_model: failed to initialize the context: failed to allocate compute pp buffers',
  ])
    assert.ok(isOutOfMemory(said), said)
  for (const said of [
    'llama_model_load: error loading model: tensor data is not within the file bounds, model is corrupted or incomplete',
    'llama_init_from_model: quantized V cache requires flash_attn to be enabled',
    '',
  ])
    assert.ok(!isOutOfMemory(said), said)
})
