import { readFileSync } from 'node:fs'
import { type Command, flag, type Job, json, textOption, textsOption } from '../command.ts'
import { callAction } from '../engine/action.ts'
import { Failure } from '../failure.ts'
import { sdkAppIdOf } from './sdk-app-id.ts'
import { follow } from './tail.ts'

type Fields = Readonly<Record<string, unknown>>

/** Places a call with a stored agent, or with a prompt and a model. */
export const call: Command = {
  name: 'call',
  synopsis: 'NUMBER (--agent ID | --prompt TEXT --model-url URL | --fields FILE) [OPTIONS]',
  summary: 'place a call, and print its SessionId',
  help: [
    '--agent ID            a stored agent',
    '--prompt TEXT         the system prompt; with it:',
    '  --welcome TEXT      the first sentence',
    '  --model-url URL     base address of the model; PARLEY_MODEL_KEY is its key',
    '  --model NAME        name of the model',
    '  --llm-type TYPE     openai (default), azure, minimax, dify',
    '  --language CODE     language that is spoken; may be repeated',
    '--fields FILE         JSON with further fields of CreateAICall or CreateAIAgentCall; - reads stdin',
    '--var KEY=VALUE       a variable of the prompt; may be repeated',
    '--caller NUMBER       number to call from; may be repeated',
    '--key TEXT            idempotency key: a repetition with the same one makes no second call',
    '--app SDKAPPID        the application; default PARLEY_SDK_APP_ID',
    '--follow              show what happens in the call until it is over',
    '--json                for scripts',
  ],
  options: {
    ...json,
    agent: { type: 'string' },
    prompt: { type: 'string' },
    welcome: { type: 'string' },
    'model-url': { type: 'string' },
    model: { type: 'string' },
    'llm-type': { type: 'string' },
    language: { type: 'string', multiple: true },
    fields: { type: 'string' },
    var: { type: 'string', multiple: true },
    caller: { type: 'string', multiple: true },
    key: { type: 'string' },
    app: { type: 'string' },
    follow: { type: 'boolean' },
  },
  arguments: [1, 1],
  async run(job) {
    const { engine, terminal, positionals } = job
    const [action, own] = what(job)
    const variables = textsOption(job, 'var').map(variable)
    const callers = textsOption(job, 'caller')
    const fields = {
      ...fileFields(textOption(job, 'fields')),
      ...own,
      SdkAppId: sdkAppIdOf(job),
      Callee: positionals[0],
      ...(variables.length > 0 && { Variables: variables }),
      ...(callers.length > 0 && { Callers: callers }),
    }
    const key = textOption(job, 'key')
    if (key !== undefined && !/^[\x21-\x7e]{8,255}$/.test(key)) {
      throw new Failure('usage', '--key must have 8 to 255 printable ASCII characters without spaces')
    }
    const headers: Record<string, string> = key === undefined ? {} : { 'x-idempotency-key': key }
    const answer = await callAction(engine, action, fields, job.wallMs(), headers)
    const id = String(answer.SessionId)
    if (!flag(job, 'follow')) {
      terminal.out(flag(job, 'json') ? JSON.stringify(answer) : id)
      return 0
    }
    terminal.note(id)
    return follow(job, id)
  },
}

/** The action and the fields that the options stand for. */
function what(job: Job): readonly [string, Fields] {
  const [agent, prompt] = ['agent', 'prompt'].map((name) => textOption(job, name))
  if (agent !== undefined) {
    if (!/^\d{1,15}$/.test(agent)) throw new Failure('usage', '--agent must be the number of an agent')
    const alien = ['prompt', 'welcome', 'model-url', 'model', 'llm-type'].find((name) => textOption(job, name))
    if (alien) throw new Failure('usage', `--${alien} does not go with --agent: the agent has it`)
    return ['CreateAIAgentCall', { AIAgentId: Number(agent) }]
  }
  const url = textOption(job, 'model-url')
  if (textOption(job, 'fields') === undefined) {
    if (prompt === undefined) throw new Failure('usage', 'say who talks: --agent, --prompt or --fields')
    if (url === undefined) throw new Failure('usage', '--prompt needs --model-url')
    if (!job.environment.PARLEY_MODEL_KEY)
      throw new Failure('usage', '--prompt needs the key of the model in PARLEY_MODEL_KEY')
  }
  const languages = textsOption(job, 'language')
  const given = {
    SystemPrompt: prompt,
    WelcomeMessage: textOption(job, 'welcome'),
    APIUrl: url,
    APIKey: job.environment.PARLEY_MODEL_KEY,
    Model: textOption(job, 'model'),
    LLMType: textOption(job, 'llm-type') ?? (url === undefined ? undefined : 'openai'),
    Languages: languages.length > 0 ? languages : undefined,
  }
  return ['CreateAICall', Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))]
}

function variable(text: string): Fields {
  const at = text.indexOf('=')
  if (at < 1) throw new Failure('usage', `--var must be KEY=VALUE, not ${text}`)
  return { Key: text.slice(0, at), Value: text.slice(at + 1) }
}

function fileFields(path: string | undefined): Fields {
  if (path === undefined) return {}
  try {
    const fields: unknown = JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'))
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return { ...fields }
    throw new Error('is not a JSON object')
  } catch (error) {
    throw new Failure('usage', `--fields ${path}: ${(error as Error).message}`)
  }
}
