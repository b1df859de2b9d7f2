export type { ReplyPrompt, TurnCommand, TurnEvent, TurnTimer } from './events.ts'
export { initialTurnState, type TurnRules, type TurnState } from './state.ts'
export { step } from './turn.ts'
