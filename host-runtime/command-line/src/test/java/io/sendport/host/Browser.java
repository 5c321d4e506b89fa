package io.sendport.host;

import io.sendport.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser that looks at the console: Chromium, where it and its driver are installed. */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    /** Of a desktop, and of the narrowest telephone. */
    static final int WIDE = 1280;

    static final int NARROW = 360;
    private static final int HEIGHT = 900;

    private static final String HAVING = "return Array.from(document.querySelectorAll(arguments[0]))"
            + ".filter(each => each.innerText.includes(arguments[1]))";

    private final ChromeDriver driver;
    private String root = "";

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Whether there is one on this machine. */
    static boolean isInstalled() {
        return Stream.of(CHROMIUM, DRIVER).allMatch(Files::isExecutable);
    }

    /** Opens a log-in link in a browser of its own, and waits for the overview. */
    static Browser logOn(URI page, String secret, Path profile) {
        return start(profile).logOn(page, secret);
    }

    /** Starts one that shows nothing yet. It takes seconds to start: tests of a class share one. */
    static Browser start(Path profile) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--user-data-dir=" + profile,
                "--window-size=" + WIDE + "," + HEIGHT);
        options.setCapability("goog:loggingPrefs", logs);
        // By its path: nothing is to be looked for, or fetched.
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options));
    }

    /** As somebody else, who has seen nothing before: opens a log-in link, and waits for the overview. */
    Browser logOn(URI page, String secret) {
        root = page.resolve("/").toString().replaceFirst("/$", "");
        driver.get("about:blank");
        driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
        driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        theme("light");
        driver.get(page + "#" + secret);
        return await("h1", "Overview");
    }

    Browser open(String path) {
        driver.get(root + path);
        return this;
    }

    /** Shows pages so wide. */
    Browser width(int pixels) {
        // A window can't be so narrow, a screen can.
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /** As if its user had chosen {@code light} or {@code dark}. */
    Browser theme(String name) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
        return this;
    }

    /** Waits until the first element that fits {@code css} has {@code text} in it. */
    Browser await(String css, String text) {
        try {
            Patience.until(
                    css + " with " + text,
                    () -> text(css).filter(each -> each.contains(text)).isPresent());
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "no " + css + " with \"" + text + "\" in: "
                            + driver.findElement(By.tagName("body")).getText(),
                    e);
        }
        return this;
    }

    private Optional<String> text(String css) {
        try {
            return driver.findElements(By.cssSelector(css)).stream().findFirst().map(WebElement::getText);
        } catch (org.openqa.selenium.StaleElementReferenceException e) {
            return Optional.empty();
        }
    }

    /** What the elements that fit {@code css} and have {@code text} in them say. */
    String textOf(String css, String text) {
        return String.join("\n", strings(HAVING + ".map(each => each.innerText)", css, text));
    }

    /** Where the links within them lead. */
    List<String> linksOf(String css, String text) {
        return strings(
                HAVING + ".flatMap(each => Array.from(each.querySelectorAll('a')).map(link => link.href))", css, text);
    }

    /** All at once, since a page that is live may be another the next moment. */
    private List<String> strings(String script, String css, String text) {
        List<String> all = new ArrayList<>();
        ((List<?>) run(script, css, text)).forEach(each -> all.add(String.valueOf(each)));
        return all;
    }

    /** Follows a link. */
    Browser go(String address) {
        driver.get(address);
        return this;
    }

    String shown() {
        return String.valueOf(run("return document.body.innerText"));
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    /** Clicks the first link or button with that text. */
    Browser click(String text) {
        driver.findElements(By.cssSelector("a, button, summary")).stream()
                .filter(WebElement::isDisplayed)
                .filter(each -> label(each).equals(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing to click with \"" + text + "\" in: " + shown()))
                .click();
        return this;
    }

    /** What is seen of it; more, that only a screen reader tells, stands on lines of its own. */
    private static String label(WebElement element) {
        return element.getText().strip().lines().findFirst().orElse("").strip();
    }

    Browser type(String css, String text) {
        WebElement field = find(css);
        field.clear();
        field.sendKeys(text);
        return this;
    }

    /** Presses keys, wherever the focus is. */
    Browser press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        return this;
    }

    /** Moves the focus on until it is at what has that text, as somebody without a mouse does. */
    Browser tabTo(String text) {
        for (int i = 0; i < 200; i++) {
            driver.switchTo().activeElement().sendKeys(org.openqa.selenium.Keys.TAB);
            WebElement active = driver.switchTo().activeElement();
            if (label(active).equals(text)
                    || text.equals(active.getDomAttribute("aria-label"))
                    || text.equals(active.getDomAttribute("name"))) {
                return this;
            }
        }
        throw new AssertionError("the focus never comes to \"" + text + "\"");
    }

    Object run(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    /** What axe-core finds wrong with the page, a line each; WCAG 2.2 AA and what is good practice. */
    List<String> violations() throws IOException {
        return violations("{resultTypes: ['violations']}");
    }

    /** As {@link #violations}, for the rules alone that depend on theme and width. */
    List<String> violationsOfLook() throws IOException {
        return violations("{resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block',"
                + " 'scrollable-region-focusable', 'target-size']}");
    }

    private List<String> violations(String options) throws IOException {
        String axe;
        try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
            axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        driver.executeScript(axe);
        Object found = driver.executeAsyncScript(
                "const done = arguments[arguments.length - 1]; axe.run(" + options
                        + ").then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; '))));");
        List<String> lines = new ArrayList<>();
        ((List<?>) found).forEach(each -> lines.add(String.valueOf(each)));
        return lines;
    }

    /** What the browser complained of since it was asked last: blocked scripts, failed requests. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        driver.manage().logs().get(LogType.BROWSER).forEach(each -> complaints.add(each.getMessage()));
        return complaints;
    }

    /** Whether the page has to be moved sideways to be read. */
    boolean isTooWide() {
        return (Boolean) run("return document.documentElement.scrollWidth > window.innerWidth");
    }

    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    Browser size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
        return this;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
