import type { TrunkRegistry } from '@parley/core'
import type { SecretBox } from '../calls/secret-box.ts'
import type { Database } from '../database/connect.ts'
import { StoredNumbers } from './stored-numbers.ts'
import { StoredTrunks } from './stored-trunks.ts'

/** Trunks and numbers of the database. */
export function storedRegistry(db: Database, box: SecretBox): TrunkRegistry {
  const trunks = new StoredTrunks(db, box)
  const numbers = new StoredNumbers(db, box)
  return {
    listTrunks: (page) => trunks.listTrunks(page),
    findTrunk: (...args) => trunks.findTrunk(...args),
    trunkSettings: (...args) => trunks.trunkSettings(...args),
    createTrunk: (...args) => trunks.createTrunk(...args),
    replaceTrunk: (...args) => trunks.replaceTrunk(...args),
    enableTrunk: (...args) => trunks.enableTrunk(...args),
    removeTrunk: (...args) => trunks.removeTrunk(...args),
    listNumbers: (page) => numbers.listNumbers(page),
    findNumber: (...args) => numbers.findNumber(...args),
    createNumbers: (...args) => numbers.createNumbers(...args),
    replaceNumber: (...args) => numbers.replaceNumber(...args),
    removeNumber: (...args) => numbers.removeNumber(...args),
    enableNumbers: (...args) => numbers.enableNumbers(...args),
    bindSkillGroups: (...args) => numbers.bindSkillGroups(...args),
    bindCallIn: (...args) => numbers.bindCallIn(...args),
  }
}
