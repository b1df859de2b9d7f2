import type { AfterCallPlan, ExtractField, TagRule } from '@parley/core'
import type { CreateAiCallParameters } from './create-ai-call-parameters.ts'

type ExtractElement = NonNullable<CreateAiCallParameters['ExtractConfig']>[number]

/** `InfoType` of each kind of field. */
export const infoTypes = { text: 'Text', selector: 'Selector', boolean: 'Boolean', number: 'Number' } as const

/** What the model is asked once the call is over. Undefined: nothing. */
export function afterCallPlan(
  elements: CreateAiCallParameters['ExtractConfig'],
  analyse: boolean,
  tags: readonly TagRule[] = [],
): AfterCallPlan | undefined {
  const extract = (elements ?? []).map(extractField)
  if (extract.length === 0 && !analyse && tags.length === 0) return undefined
  return { extract, analyse, ...(tags.length > 0 && { tags }) }
}

function extractField({ InfoType, InfoName, InfoContent, Examples, Choices }: ExtractElement): ExtractField {
  const kinds = Object.keys(infoTypes) as (keyof typeof infoTypes)[]
  return {
    kind: kinds.find((kind) => infoTypes[kind] === InfoType) ?? 'text',
    name: InfoName,
    ...(InfoContent && { description: InfoContent }),
    ...(Examples?.length && { examples: Examples }),
    ...(InfoType === 'Selector' && Choices && { choices: Choices }),
  }
}
