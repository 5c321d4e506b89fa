"use strict";
const button = document.getElementById("log-off");
button.hidden = false;
button.addEventListener("click", async () => {
  await fetch("/api/v1/session", {method: "DELETE", headers: {"X-Sendport-Csrf": "1"}});
  location.replace("/login");
});
