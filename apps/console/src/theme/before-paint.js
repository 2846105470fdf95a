// Before the first paint: the colours that were chosen, in this browser, by the switch. Nothing chosen: those of the system.
try {
  const chosen = localStorage.getItem('backstep.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that keeps nothing for pages has no choice to restore.
}
