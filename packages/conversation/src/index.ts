export { type Conversation, type ConversationOptions, createConversation } from './driver/conversation.ts'
export { type RenderedSpeech, renderSpeech } from './driver/rendered-speech.ts'
export { warmTalk } from './driver/warm-talk.ts'
export { type RestoredTalk, restoreHistory } from './history/restore-history.ts'
