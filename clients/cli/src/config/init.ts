import {
  ABOUT,
  type AnyOption,
  envOf,
  fileKey,
  flagOf,
  type Section,
  type SectionName,
  TABLE,
} from "./table.ts";

/**
 * A configuration file with every setting of the named sections, each commented out at its default, so that the file says
 * what can be changed and changes nothing.
 */
export function writeConfig(sections: readonly SectionName[] = Object.keys(TABLE) as SectionName[]): string {
  const head = [
    "# Configuration of tolldns. A line without # changes a default.",
    "# Flags come first, then the environment, then this file. Amounts are Index Units (IU); sizes like 64MiB; relative paths start here.",
    "# Keep it at mode 0600 if it holds a password.",
  ];
  return `${[head.join("\n"), ...sections.map(writeSection)].join("\n\n")}\n`;
}

function writeSection(name: SectionName): string {
  const section: Section = TABLE[name];
  const lines = Object.entries(section).map(([key, option]) => writeOption(name, key, option));
  return [`# ${ABOUT[name]}.`, ...(name === "general" ? [] : [`[${name}]`]), ...lines].join("\n");
}

function writeOption(section: SectionName, key: string, option: AnyOption): string {
  const value = option.default ?? option.example ?? placeholder(option);
  const note =
    option.default === undefined && option.otherwise !== undefined ? ` (otherwise ${option.otherwise})` : "";
  const shown =
    typeof value === "string" && option.default === undefined && option.example === undefined
      ? value
      : option.kind.show(value);
  return `# ${sentence(option.about)}${note}. ${flagOf(key)}, ${envOf(section, key)}\n#${fileKey(key)} = ${shown}`;
}

const sentence = (clause: string): string => clause.charAt(0).toUpperCase() + clause.slice(1);

function placeholder(option: AnyOption): string {
  return option.kind.isPath === true ? '"/path/to/file"' : JSON.stringify(`<${option.kind.placeholder}>`);
}
