package io.kontor.app.startup;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Logs the URLs once the application is ready. */
@Component
class StartupLogger {
  private static final Logger LOG = LoggerFactory.getLogger(StartupLogger.class);

  @EventListener
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void onReady(ApplicationReadyEvent ready) {
    if (!(ready.getApplicationContext() instanceof ServletWebServerApplicationContext web)) {
      return;
    }
    var server = web.getWebServer();
    String root = "http://localhost:" + (server == null ? 0 : server.getPort());
    Duration taken = ready.getTimeTaken();
    LOG.info("Kontor is ready in {} ms", taken == null ? 0 : taken.toMillis());
    LOG.info("  API         {}/v1", root);
    LOG.info("  Swagger UI  {}/swagger-ui.html", root);
  }
}
