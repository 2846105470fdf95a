// Before the first paint: the colours, and the height of rows, that were chosen in this browser. Nothing chosen: the colours of the system.
try {
  const choices = { theme: ['light', 'dark'], density: ['comfortable'] };
  for (const [name, values] of Object.entries(choices)) {
    const chosen = localStorage.getItem(`backstep.${name}`);
    if (values.includes(chosen)) document.documentElement.dataset[name] = chosen;
  }
} catch {
  // A browser that keeps nothing for pages has no choice to restore.
}
