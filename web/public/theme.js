// Sets the theme before the first paint. A classic script in a file of its own, because the page's
// content policy allows no inline script. The choice itself is made in src/theme/theme.ts.
;(function () {
  var choice = 'system'
  try {
    choice = localStorage.getItem('maestro.theme') || 'system'
  } catch {
    choice = 'system'
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-theme', dark ? 'dark' : 'light')
})()
