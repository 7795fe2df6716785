// Light or dark: as the system says, unless somebody chooses.

export function setUpTheme(changed) {
  const select = document.getElementById('theme');
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const isDark = select.value === 'dark' || (select.value === 'auto' && systemIsDark.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    changed();
  };
  select.addEventListener('change', apply);
  systemIsDark.addEventListener('change', apply);
  apply();
}
