export { FakeMedia, type SentPacket, type VoiceOptions } from './fakes/fake-media.ts'
export {
  type ModelRequest,
  ScriptedChatModel,
  type ScriptedChatModelOptions,
  type ScriptedReply,
} from './fakes/scripted-chat-model.ts'
export { ScriptedRecognizer, type ScriptedRecognizerOptions } from './fakes/scripted-recognizer.ts'
export { ToneSynthesizer, type ToneSynthesizerOptions } from './fakes/tone-synthesizer.ts'
export { type LivePeer, startLiveServer } from './live-server.ts'
export { type CommandOptions, type EndedCommand, type RunningCommand, startCommand } from './node-command.ts'
export { type S3House, type S3HouseSettings, startS3 } from './s3-house.ts'
export { SeededRandom } from './seeded-random.ts'
export { settle, VirtualClock } from './virtual-clock.ts'
