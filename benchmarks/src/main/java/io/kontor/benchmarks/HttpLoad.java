package io.kontor.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A load generator in a process of its own, for the nodes of one bank. */
final class HttpLoad implements AutoCloseable {
  private final ClientProcess generator;

  /**
   * @param ports of the nodes, which the connections are spread over
   * @param token null when the node issues one itself
   */
  HttpLoad(List<Integer> ports, @Nullable String token) throws IOException {
    generator =
        new ClientProcess(
            LoadGenerator.class,
            ports,
            token == null ? Map.of() : Map.of(LoadGenerator.TOKEN, token));
  }

  /** Opens accounts with a million euros each, over HTTP, and returns the ids of all. */
  List<String> open(int accounts) throws IOException {
    return List.of(generator.answer(LoadGenerator.OPEN + " " + accounts).split(" ", -1));
  }

  /** Names the accounts to work on. */
  void use(List<String> accounts) throws IOException {
    generator.answer(LoadGenerator.USE + " " + String.join(" ", accounts));
  }

  /**
   * One slice.
   *
   * @param accounts how many of the opened accounts take part at most
   * @param perSecond the rate; 0 for as fast as the answers come
   */
  Slice run(String kind, int accounts, int connections, Duration time, double perSecond)
      throws IOException {
    String[] figures =
        generator
            .answer(
                "%s %s %d %d %d %s"
                    .formatted(
                        LoadGenerator.RUN,
                        kind,
                        accounts,
                        connections,
                        time.toMillis(),
                        Double.toString(perSecond)))
            .split(" ", -1);
    return new Slice(
        Double.parseDouble(figures[0]),
        Long.parseLong(figures[1]),
        HistogramText.parse(figures[2]));
  }

  @Override
  public void close() throws IOException {
    generator.close();
  }
}
