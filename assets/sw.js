// Shows what the server pushes to this browser; it sees no request and keeps nothing.

self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  const options = { body: said.body, tag: said.tag, icon: "/icon.svg", data: { url: said.url } };
  event.waitUntil(self.registration.showNotification(said.title || "Watchpost", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || "/alerts", self.location.origin);
  // Only a page of this dashboard is opened, whatever a message says.
  const path = url.pathname + url.search;
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((pages) => {
      const page = pages.find((it) => new URL(it.url).pathname === url.pathname);
      return page ? page.focus() : self.clients.openWindow(path);
    }),
  );
});
