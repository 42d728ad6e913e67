package io.kontor.console.page;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The overview's figures at one time for people with the same roles in the same tenant, turned into
 * HTML once for each language.
 *
 * @param parts by their names in the template; null what these people may not read
 */
record FigureSnapshot(Map<String, @Nullable Part<?>> parts, Map<Locale, String> made) {
  FigureSnapshot(Map<String, @Nullable Part<?>> parts) {
    this(parts, new ConcurrentHashMap<>());
  }

  String html(Locale locale, Function<Map<String, @Nullable Part<?>>, String> make) {
    return made.computeIfAbsent(locale, _ -> make.apply(parts));
  }
}
