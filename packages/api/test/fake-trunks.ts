import {
  type ApplicationId,
  applicationId,
  type ExpectedVersion,
  type ManagedNumber,
  type ManagedTrunk,
  type NewNumber,
  type NumberSettings,
  type Registered,
  type RegistryPage,
  Secret,
  type TrunkRegistry,
  type TrunkSettings,
} from '@parley/core'
import type { TrunkManagement } from '../src/trunks/trunk-management.ts'

const gone = { kind: 'missing' } as const

/** Trunks and numbers in memory. Trunk 1 with one number is `owner`'s, trunk 2 is declared and shared. */
export class FakeTrunks implements TrunkRegistry {
  readonly trunks: ManagedTrunk[] = []
  readonly numbers: ManagedNumber[] = []
  readonly secrets = new Map<number, TrunkSettings>()
  /** Addresses by number. */
  readonly callIn = new Map<string, string | undefined>()
  /** What a removal is answered with. */
  usedBy: string | undefined
  private lastId = 10

  constructor(owner: number, number: string) {
    const own = applicationId(owner)
    const trunk = { isEnabled: true, version: 1, callsNow: 0 }
    const settings = { gateways: [{ host: 'sip.example' }] }
    this.trunks.push(
      { ...trunk, trunkId: 1, name: `${own}/own`, applicationId: own, isDeclared: false, settings },
      { ...trunk, trunkId: 2, name: 'shared', isDeclared: true, settings: {} },
    )
    this.secrets.set(1, { ...settings, auth: { kind: 'digest', password: new Secret('stored') } })
    this.add(own, 1, { number, settings: { inbound: true, outbound: true } })
  }

  async listTrunks({ applicationIds, after = 0, limit }: RegistryPage) {
    const seen = this.trunks.filter((trunk) => trunk.trunkId > after && isFor(trunk, applicationIds))
    return seen.slice(0, limit)
  }

  async findTrunk(owners: readonly ApplicationId[], id: number) {
    return this.trunks.find((trunk) => trunk.trunkId === id && isFor(trunk, owners))
  }

  async trunkSettings(owners: readonly ApplicationId[], id: number) {
    return (await this.findTrunk(owners, id)) && this.secrets.get(id)
  }

  async createTrunk(owner: ApplicationId, plain: string, settings: TrunkSettings): Promise<Registered<ManagedTrunk>> {
    const name = `${owner}/${plain}`
    if (this.trunks.some((trunk) => trunk.name === name)) return { kind: 'exists' }
    this.lastId += 1
    const facts = { isDeclared: false, isEnabled: true, version: 1, callsNow: 0 }
    const value = { trunkId: this.lastId, name, applicationId: owner, ...facts, settings }
    this.trunks.push(value)
    return { kind: 'done', value }
  }

  replaceTrunk = (owners: readonly ApplicationId[], id: number, expected: ExpectedVersion, settings: TrunkSettings) =>
    this.changeTrunk(owners, id, expected, { settings })

  enableTrunk = (owners: readonly ApplicationId[], id: number, isEnabled: boolean) =>
    this.changeTrunk(owners, id, '*', { isEnabled })

  async removeTrunk(
    owners: readonly ApplicationId[],
    id: number,
    expected: ExpectedVersion,
  ): Promise<Registered<undefined>> {
    const changed = await this.changeTrunk(owners, id, expected, {})
    if (changed.kind !== 'done') return changed
    if (this.usedBy !== undefined) return { kind: 'inUse', by: this.usedBy }
    this.trunks.splice(this.trunks.indexOf(changed.value), 1)
    return { kind: 'done', value: undefined }
  }

  async listNumbers({ applicationIds, after = 0, limit }: RegistryPage) {
    return this.numbers.filter((one) => one.numberId > after && isFor(one, applicationIds)).slice(0, limit)
  }

  async findNumber(owners: readonly ApplicationId[], id: number) {
    return this.numbers.find((one) => one.numberId === id && isFor(one, owners))
  }

  async createNumbers(
    owner: ApplicationId,
    trunkId: number,
    numbers: readonly NewNumber[],
  ): Promise<Registered<readonly ManagedNumber[]>> {
    const trunk = await this.findTrunk([owner], trunkId)
    if (!trunk) return gone
    if (trunk.isDeclared) return { kind: 'declared' }
    if (numbers.some(({ number }) => this.numbers.some((known) => known.number === number))) return { kind: 'exists' }
    return { kind: 'done', value: numbers.map((number) => this.add(owner, trunkId, number)) }
  }

  async replaceNumber(
    owners: readonly ApplicationId[],
    id: number,
    expected: ExpectedVersion,
    settings: NumberSettings,
  ): Promise<Registered<ManagedNumber>> {
    const number = await this.findNumber(owners, id)
    if (!number) return gone
    if (expected !== '*' && expected !== number.version) return { kind: 'changed' }
    const value = { ...number, settings, version: number.version + 1 }
    this.numbers[this.numbers.indexOf(number)] = value
    return { kind: 'done', value }
  }

  async removeNumber(owners: readonly ApplicationId[], id: number): Promise<Registered<undefined>> {
    const number = await this.findNumber(owners, id)
    if (!number) return gone
    this.numbers.splice(this.numbers.indexOf(number), 1)
    return { kind: 'done', value: undefined }
  }

  async enableNumbers(owners: readonly ApplicationId[], numbers: readonly string[], isEnabled: boolean) {
    const own = this.numbers.filter((one) => isFor(one, owners))
    const unknown = numbers.filter((number) => !own.some((one) => one.number === number))
    if (unknown.length > 0) return unknown
    for (const one of own) {
      if (numbers.includes(one.number)) this.numbers[this.numbers.indexOf(one)] = { ...one, isEnabled }
    }
    return []
  }

  async bindSkillGroups(owner: ApplicationId, number: string, ids: readonly number[], isBound: boolean) {
    const at = this.numbers.findIndex((one) => one.number === number && isFor(one, [owner]))
    const found = this.numbers[at]
    if (found) this.numbers[at] = { ...found, skillGroupIds: isBound ? ids : [] }
    return found !== undefined
  }

  async bindCallIn(owner: ApplicationId, number: string, url: string | undefined) {
    const isOwn = this.numbers.some((one) => one.number === number && isFor(one, [owner]))
    if (!isOwn) return false
    this.callIn.set(number, url)
    const at = this.numbers.findIndex((one) => one.number === number && isFor(one, [owner]))
    const { callInServer: _, ...unbound } = this.numbers[at] as ManagedNumber
    this.numbers[at] = { ...unbound, ...(url !== undefined && { callInServer: new URL(url).origin }) }
    return true
  }

  private add(owner: ApplicationId, trunkId: number, { number, settings }: NewNumber): ManagedNumber {
    this.lastId += 1
    const facts = { isDeclared: false, isEnabled: true, version: 1, callsNow: 0, skillGroupIds: [] }
    const made = { numberId: this.lastId, number, trunkId, trunk: 'own', applicationId: owner, ...facts, settings }
    this.numbers.push(made)
    return made
  }

  private async changeTrunk(
    owners: readonly ApplicationId[],
    id: number,
    expected: ExpectedVersion,
    change: Partial<ManagedTrunk>,
  ): Promise<Registered<ManagedTrunk>> {
    const trunk = await this.findTrunk(owners, id)
    if (!trunk) return gone
    if (trunk.isDeclared) return { kind: 'declared' }
    if (expected !== '*' && expected !== trunk.version) return { kind: 'changed' }
    const value = { ...trunk, ...change, version: trunk.version + 1 }
    this.trunks[this.trunks.indexOf(trunk)] = value
    return { kind: 'done', value }
  }
}

const isFor = ({ applicationId: owner }: { applicationId?: ApplicationId }, owners: readonly ApplicationId[]) =>
  owner === undefined || owners.includes(owner)

/** Management over such a registry; a trunk needs gateways, and nothing else is looked at. */
export function fakeTrunks(owner: number, number: string): TrunkManagement & { readonly registry: FakeTrunks } {
  const gateway = { transport: 'udp', host: '192.0.2.1', port: 5060, isUp: true, answers: 3, failures: 1 }
  return {
    registry: new FakeTrunks(owner, number),
    read: (described, stored) => {
      const given = described as Record<string, unknown>
      if (!Array.isArray(given.gateways)) return { problems: [{ field: 'gateways', detail: 'must have an entry' }] }
      return { settings: { ...given, ...(stored ? { kept: true } : {}) } }
    },
    assistantsOf: () => ['sales'],
    healthOf: () => ({ registration: { isRegistered: true }, gateways: [{ ...gateway, lastFailure: '503 Busy' }] }),
  }
}
