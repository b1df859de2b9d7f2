export { runEncodingWorker } from './encoding/encoding-worker.ts'
export { createRecordingEncoder } from './encoding/recording-encoder.ts'
export {
  createInThreadMediaEngine,
  createMediaEngine,
  type InThreadMediaOptions,
  type MediaEngineOptions,
} from './media-engine.ts'
export { createSoundDecoder } from './sound/sound-decoder.ts'
export { runMediaWorker } from './worker/media-worker.ts'
