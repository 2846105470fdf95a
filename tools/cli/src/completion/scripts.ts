/** What a shell is to run, once, so that it completes `backstep`, and knows it where it is not on the PATH. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** @param node the program that runs the command line @param bin the command line itself */
export const scriptFor = (shell: Shell, node: string, bin: string): string =>
  SCRIPTS[shell](`${quoted(node)} ${quoted(bin)}`);

const SCRIPTS: Readonly<Record<Shell, (backstep: string) => string>> = {
  bash: (backstep) => `# Completion of backstep for bash: source <(npx backstep completion bash)
type backstep >/dev/null 2>&1 || backstep() { ${backstep} "$@"; }
_backstep() {
  local first=1 IFS=$'\\n'
  [[ \${COMP_WORDS[0]} == npx ]] && first=2
  COMPREPLY=($(${backstep} completion words -- "\${COMP_WORDS[@]:first:COMP_CWORD-first+1}" 2>/dev/null | cut -d' ' -f1))
}
_backstep_npx() { [[ \${COMP_WORDS[1]} == backstep && COMP_CWORD -gt 1 ]] && _backstep; }
complete -F _backstep backstep
complete -p npx >/dev/null 2>&1 || complete -o default -F _backstep_npx npx`,
  zsh: (backstep) => `#compdef backstep
# Completion of backstep for zsh: source <(npx backstep completion zsh), after compinit
whence backstep >/dev/null || backstep() { ${backstep} "$@" }
_backstep() {
  local -a found
  local word about
  while IFS=' ' read -r word about; do
    found+=("\${word//:/\\\\:}\${about:+:$about}")
  done < <(${backstep} completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe backstep found -M 'm:{a-zA-Z}={A-Za-z}'
}
compdef _backstep backstep`,
  fish: (backstep) => `# Completion of backstep for fish: npx backstep completion fish | source
type -q backstep; or function backstep; ${backstep} $argv; end
function __backstep_words
  set -l words (commandline -opc) (commandline -ct)
  ${backstep} completion words -- $words[2..-1] 2>/dev/null | string replace ' ' \\t
end
complete -c backstep -f -a '(__backstep_words)'`,
};
