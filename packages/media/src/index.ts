export {
  createInThreadMediaEngine,
  createMediaEngine,
  type InThreadMediaOptions,
  type MediaEngineOptions,
} from './media-engine.ts'
export { runMediaWorker } from './worker/media-worker.ts'
