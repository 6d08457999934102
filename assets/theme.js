// Before the first paint: the theme that the person chose, as the dashboard keeps it in this browser.
try {
  const theme = localStorage.getItem("watchpost.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme holds.
}
