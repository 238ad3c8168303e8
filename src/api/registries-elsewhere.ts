/** What BrainSTEM keeps and this service does not, by the paths at which the public clients look for it. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["dissemination/journal", "journals"],
  ["dissemination/publication", "publications"],
  ["personal_attributes/license", "licenses"],
  ["personal_attributes/protocol", "protocols"],
  ["resources/consumable", "consumables"],
  ["resources/hardwaredevice", "hardware devices"],
  ["resources/supplier", "suppliers"],
  ["stem/breeding", "breedings"],
  ["taxonomies/behavioralcategory", "behavioral categories"],
  ["taxonomies/behavioralparadigm", "behavioral paradigms"],
  ["taxonomies/brainregion", "brain regions"],
  ["taxonomies/regulatoryauthority", "regulatory authorities"],
  ["taxonomies/setuptype", "types of setups"],
  ["taxonomies/species", "species"],
  ["taxonomies/strain", "strains"],
  ["users/laboratory", "laboratories"],
]);

/**
 * What to say of a path that the public clients know and this service does not have; undefined for any other path.
 *
 * @param path of an address, such as `/api/private/taxonomies/strain/`
 */
export function explainMissing(path: string): string | undefined {
  const [, portal, app, model] = /^\/api\/(private|public)\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  const what = portal === undefined ? undefined : ELSEWHERE.get(`${app}/${model}`);
  return what === undefined
    ? undefined
    : `Not found: this service has no ${what}, which BrainSTEM keeps. Records name them by their ids.`;
}
