package io.kontor.console.page;

import java.time.Duration;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The scripts, styles and pictures of the pages: these files and no others. */
@Controller
final class AssetController {
  private static final MediaType SCRIPT = MediaType.parseMediaType("text/javascript;charset=UTF-8");
  private static final MediaType STYLE = MediaType.parseMediaType("text/css;charset=UTF-8");

  private static final Map<String, MediaType> FILES =
      Map.of(
          "console.js", SCRIPT,
          "htmx.min.js", SCRIPT,
          "uPlot.iife.min.js", SCRIPT,
          "console.css", STYLE,
          "uPlot.min.css", STYLE,
          "icon.svg", MediaType.parseMediaType("image/svg+xml"));

  /** Short enough to be replaced soon after an upgrade. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  @GetMapping("/console/assets/{name}")
  ResponseEntity<Resource> asset(@PathVariable String name) {
    MediaType type = FILES.get(name);
    if (type == null) {
      return ResponseEntity.notFound().build();
    }
    return ResponseEntity.ok()
        .cacheControl(CacheControl.maxAge(FRESH).cachePrivate())
        .contentType(type)
        .body(new ClassPathResource("console/assets/" + name));
  }
}
