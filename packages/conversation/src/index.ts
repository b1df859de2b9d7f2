export { type Conversation, type ConversationOptions, createConversation } from './driver/conversation.ts'
export { type RestoredTalk, restoreHistory } from './history/restore-history.ts'
