const agentId = 9
const functionName = 'to_second_desk'

/** The agent that takes callers over, as parley.yaml has it. */
export const secondDesk = (sdkAppId: number, modelPort: number): object => ({
  id: agentId,
  sdkAppId,
  name: 'second desk',
  settings: {
    LLMType: 'openai',
    APIKey: 'bench',
    APIUrl: `http://127.0.0.1:${modelPort}/v1`,
    Model: 'sim',
    SystemPrompt: 'You take callers over.',
    WelcomeMessage: 'Second desk speaking.',
    Languages: ['en'],
    NotifyMaxCount: 0,
  },
})

/** What `CreateAICall` says so that the model may hand the caller over. */
export const mayHandOver = {
  TransferToAgentEnable: true,
  TransferToAgentItems: [
    { TransferToAgentName: functionName, TransferToAgentDesc: 'Anything else.', TransferToAgentId: agentId },
  ],
}

/** What the model does instead of answering. */
export const handsOver = { kind: 'toolCall', name: functionName, arguments: '{}' } as const
