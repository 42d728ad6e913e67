package io.kontor.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.axonframework.eventhandling.GenericEventMessage;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The bank with a clock that can be stepped: each line on its standard input says how far it is
 * ahead from then on. Commands and events are dated by that clock; the JVM's own clock, used by the
 * waits of tasks and sagas, can't be stepped.
 */
final class SteppedKontor {
  private static volatile Clock clock = Clock.systemUTC();

  private SteppedKontor() {}

  static void main() {
    Thread.ofPlatform().daemon().start(SteppedKontor::readSteps);
    var application = RunCommand.application();
    application.addInitializers(
        context ->
            ((GenericApplicationContext) context)
                .registerBean("steppedClock", InstantSource.class, () -> () -> clock.instant()));
    application.run();
  }

  private static void readSteps() {
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        clock = Clock.offset(Clock.systemUTC(), Duration.parse(line));
        GenericEventMessage.clock = clock;
        System.out.println("clock stepped ahead=" + line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
