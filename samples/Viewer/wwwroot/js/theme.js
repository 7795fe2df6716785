// Light or dark: as the system says, unless somebody chooses.

export function setUpTheme(changed) {
  const select = document.getElementById('theme');
  const apply = () => {
    document.documentElement.dataset.theme = select.value;
    changed();
  };
  select.addEventListener('change', apply);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  apply();
}
