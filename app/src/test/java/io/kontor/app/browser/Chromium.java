package io.kontor.app.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.StreamSupport;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chromium without a window, with an empty profile. {@code KONTOR_TEST_BROWSER} names another one
 * than Debian's; its driver is {@code chromedriver} in the same folder.
 */
public final class Chromium implements AutoCloseable {
  /** It warns that it has no devtools of this version, which are not used. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static final String SETTING = "KONTOR_TEST_BROWSER";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int WIDTH = 1280;
  private static final int HEIGHT = 900;
  private static final int PHONE_WIDTH = 400;

  private final ChromeDriver driver;

  private Chromium(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts a browser. Where there is none, the test is skipped. */
  public static Chromium start() {
    Path browser = Path.of(System.getenv().getOrDefault(SETTING, "/usr/bin/chromium"));
    Path driver = browser.resolveSibling("chromedriver");
    assumeTrue(
        Files.isExecutable(browser) && Files.isExecutable(driver),
        "there is no browser %s with a chromedriver beside it: install Debian's chromium and chromium-driver, or name one with %s"
            .formatted(browser, SETTING));
    SELENIUM.setLevel(Level.SEVERE);
    var options = new ChromeOptions();
    options.setBinary(browser.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // as root there is none
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--lang=en-US",
        "--window-size=%d,%d".formatted(WIDTH, HEIGHT));
    options.setExperimentalOption("prefs", Map.of("intl.accept_languages", "en-US"));
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    var service = new ChromeDriverService.Builder().usingDriverExecutable(driver.toFile()).build();
    return new Chromium(new ChromeDriver(service, options));
  }

  /** The browser itself. */
  public ChromeDriver driver() {
    return driver;
  }

  /** Shows pages in the dark or the light scheme. */
  public void setDark(boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Whether the page is wider than the screen of a phone. */
  public boolean isTooWideForAPhone() {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", PHONE_WIDTH, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
    try {
      return Boolean.TRUE.equals(
          driver.executeScript(
              "return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
    } finally {
      driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }
  }

  /** Writes what is seen as a PNG file. */
  public void screenshot(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What pages have logged as errors since the last call, such as a refused script. */
  public List<String> errors() {
    return log(LogType.BROWSER).stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The network's events since the last call, such as {@code Network.requestWillBeSent}. */
  public List<JsonNode> network() {
    return log(LogType.PERFORMANCE).stream()
        .map(entry -> JSON.readTree(entry.getMessage()).path("message"))
        .filter(message -> message.path("method").asString("").startsWith("Network."))
        .toList();
  }

  private List<LogEntry> log(String type) {
    return StreamSupport.stream(driver.manage().logs().get(type).spliterator(), false).toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
