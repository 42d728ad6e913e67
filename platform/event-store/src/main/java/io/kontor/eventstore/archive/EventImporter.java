package io.kontor.eventstore.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.eventstore.archive.ChainedEventWriter.BrokenChainException;
import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import io.kontor.eventstore.subscription.ProcessesBehindException;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.registry.TenantRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Imports an archive into a store. It reads the file twice: the first pass checks it, so nothing of
 * an incomplete file is stored. Events continue the chains of the file's tenants, so an interrupted
 * import can be resumed and a repeated one stores nothing. A file is rejected when earlier events
 * are missing or the store has different ones.
 */
public final class EventImporter {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int BATCH = 2_000;

  private final DataSource worker;
  private final Collection<String> processes;
  private final EventReader events;
  private final TenantRegistry tenants;

  /**
   * The content of a file.
   *
   * @param heads the hash of each tenant's last event in it
   */
  public record Content(long events, String sha256, Map<String, String> heads) {}

  /** How many events this run stored, and how many were stored before. */
  public record Stored(long now, long before) {}

  /**
   * @param processes the event processors with side effects: they continue after the imported
   *     events
   */
  public EventImporter(DataSource worker, DataSource app, Collection<String> processes) {
    this.worker = worker;
    this.processes = processes;
    this.events = new EventReader(worker);
    this.tenants = new TenantRegistry(new TenantTransactions(app), app);
  }

  /**
   * Reads the whole file and verifies it.
   *
   * @param seen receives each event
   * @throws ArchiveException when the file is incomplete or changed
   */
  public static Content check(Path file, Consumer<StoredEvent> seen) throws IOException {
    var check = new Check(seen);
    read(file, check);
    return check.content();
  }

  /**
   * Stores the events of a checked file that are missing in the store, and registers its tenants.
   *
   * @param reached receives how many of the file's events are stored
   * @throws ArchiveException when the store lacks the events before the file's first, or an event
   *     processor has not reached the head
   */
  public Stored store(Path file, LongConsumer reached) throws IOException, SQLException {
    try (var writer = new ChainedEventWriter(worker, processes)) {
      var store = new Store(writer, reached);
      read(file, store);
      return store.finish();
    } catch (SqlFailure failure) {
      throw failure.sql;
    } catch (BrokenChainException elsewhere) {
      throw new ArchiveException(
          "the store has changed meanwhile: %s".formatted(elsewhere.getMessage()));
    } catch (ProcessesBehindException running) {
      throw new ArchiveException(String.valueOf(running.getMessage()));
    }
  }

  private static void read(Path file, Lines lines) throws IOException {
    long number = 0;
    String held = null;
    try (var members = new GzipMemberStream.Reader(FileChannel.open(file))) {
      for (List<String> member = members.next(); member != null; member = members.next()) {
        for (String line : member) {
          number++;
          if (number == 1) {
            lines.header(header(line), line);
          } else {
            if (held != null) {
              lines.event(held, number - 1);
            }
            held = line; // the last line is the trailer
          }
        }
      }
    } catch (EOFException cutOff) {
      throw new ArchiveException("%s ends too early: %s".formatted(file, cutOff.getMessage()));
    }
    lines.trailer(trailer(held, file));
  }

  private static ArchiveHeader header(String line) {
    try {
      ArchiveHeader header = JSON.readValue(line, ArchiveHeader.class);
      if (header.version() == ArchiveHeader.VERSION) {
        return header;
      }
    } catch (JacksonException other) {
      // reported below
    }
    throw new ArchiveException(
        "not a file of kontor events export, version " + ArchiveHeader.VERSION);
  }

  private static ArchiveTrailer trailer(@Nullable String line, Path file) {
    try {
      if (line != null) {
        return JSON.readValue(line, ArchiveTrailer.class);
      }
    } catch (JacksonException other) {
      // reported below
    }
    throw new ArchiveException("%s ends too early: it has no last line".formatted(file));
  }

  /** Handles a file's lines. */
  private abstract static class Lines {
    final Map<String, Sha256> ends = new HashMap<>();
    long count;

    abstract void header(ArchiveHeader header, String line);

    abstract void event(StoredEvent event);

    void trailer(ArchiveTrailer trailer) {}

    void event(String line, long number) {
      StoredEvent event = ArchivedEventCodec.read(line, number);
      String tenant = event.stream().tenant().value();
      Sha256 before = ends.get(tenant);
      if (before == null) {
        throw new ArchiveException(
            "line %d is of a tenant that is not announced".formatted(number));
      }
      Sha256 hash = EventChain.next(before, event);
      ends.put(tenant, hash);
      count++;
      event(event.chained(hash));
    }

    void startAt(ArchiveHeader header) {
      header.tenants().forEach(tenant -> ends.put(tenant.id(), Sha256.parse(tenant.after())));
    }
  }

  private static final class Check extends Lines {
    private final Consumer<StoredEvent> seen;
    private final MessageDigest digest = Sha256.start();
    private @Nullable Content content;

    Check(Consumer<StoredEvent> seen) {
      this.seen = seen;
    }

    @Override
    void header(ArchiveHeader header, String line) {
      startAt(header);
      add(line);
    }

    @Override
    void event(String line, long number) {
      super.event(line, number);
      add(line);
    }

    @Override
    void event(StoredEvent event) {
      seen.accept(event);
    }

    @Override
    void trailer(ArchiveTrailer trailer) {
      String sha256 = Sha256.of(digest).toString();
      if (count != trailer.events() || !sha256.equals(trailer.sha256())) {
        throw new ArchiveException(
            "the file is not as it was written: it has %,d events with SHA-256 %s, and should have"
                    .formatted(count, sha256)
                + " %,d with %s".formatted(trailer.events(), trailer.sha256()));
      }
      trailer
          .heads()
          .forEach(
              (tenant, head) -> {
                if (!head.equals(String.valueOf(ends.get(tenant)))) {
                  throw new ArchiveException(
                      "the file is not as it was written: tenant %s does not end with %s"
                          .formatted(tenant, head));
                }
              });
      content = new Content(count, sha256, trailer.heads());
    }

    Content content() {
      if (content == null) {
        throw new IllegalStateException("nothing was read");
      }
      return content;
    }

    private void add(String line) {
      digest.update((line + "\n").getBytes(UTF_8));
    }
  }

  private final class Store extends Lines {
    private final ChainedEventWriter writer;
    private final LongConsumer reached;
    private final Map<String, Sha256> here = new HashMap<>();

    /** Tenants whose last stored event has not been reached in the file yet. */
    private final Set<String> behind = new HashSet<>();

    private final List<StoredEvent> batch = new ArrayList<>();
    private List<ArchiveHeader.Tenant> announced = List.of();
    private long before;

    Store(ChainedEventWriter writer, LongConsumer reached) {
      this.writer = writer;
      this.reached = reached;
    }

    @Override
    void header(ArchiveHeader header, String line) {
      startAt(header);
      announced = header.tenants();
      var heads = events.heads(null, Long.MAX_VALUE);
      for (ArchiveHeader.Tenant tenant : header.tenants()) {
        Sha256 end = heads.getOrDefault(tenant.id(), EventChain.START);
        here.put(tenant.id(), end);
        if (!end.toString().equals(tenant.after())) {
          behind.add(tenant.id());
        }
      }
    }

    @Override
    void event(StoredEvent event) {
      if (!behind.isEmpty()) {
        String tenant = event.stream().tenant().value();
        if (event.hash().equals(here.get(tenant))) {
          behind.remove(tenant);
        }
        reached.accept(++before);
        return;
      }
      batch.add(event);
      if (batch.size() >= BATCH && event.unitRest() == 0) {
        write();
      }
    }

    private void write() {
      try {
        writer.append(batch);
      } catch (SQLException e) {
        throw new SqlFailure(e);
      }
      batch.clear();
      reached.accept(count);
    }

    Stored finish() {
      if (!behind.isEmpty()) {
        throw new ArchiveException(
            "the store's events of %s are not those that the file holds or continues"
                .formatted(String.join(", ", behind)));
      }
      if (!batch.isEmpty()) {
        write();
      }
      for (ArchiveHeader.Tenant tenant : announced) {
        if (tenant.name() != null) {
          tenants.register(new TenantId(tenant.id()), tenant.name(), null);
        }
      }
      return new Stored(count - before, before);
    }
  }

  private static final class SqlFailure extends RuntimeException {
    private final transient SQLException sql;

    SqlFailure(SQLException sql) {
      super(sql);
      this.sql = sql;
    }
  }
}
