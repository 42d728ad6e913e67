package io.kontor.eventstore.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.registry.TenantRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Exports a range of events into a gzip file of JSON lines. An interrupted export can be resumed.
 * Verifies each event's hash, so a changed event does not get into a file.
 */
public final class EventExporter {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final EventReader events;
  private final TenantRegistry tenants;

  /**
   * The range of a file: events after one position up to another, of one tenant or of all.
   *
   * @param tenant the tenant's id, or null
   */
  public record Range(@Nullable String tenant, long after, long upTo) {
    /** The tenant; null for all. */
    public @Nullable TenantId whose() {
      return tenant == null ? null : new TenantId(tenant);
    }
  }

  /** How many events were written, and the digest of all lines. */
  public record Written(long events, String sha256) {}

  public EventExporter(DataSource worker, DataSource app) {
    this.events = new EventReader(worker);
    this.tenants = new TenantRegistry(new TenantTransactions(app), app);
  }

  /** The range of an interrupted export; null when there is none for the file. */
  public @Nullable Range unfinished(Path file) throws IOException {
    Path note = noteFor(file);
    if (Files.notExists(note)) {
      return null;
    }
    try {
      return JSON.readValue(Files.readString(note), Range.class);
    } catch (JacksonException cutOff) {
      Files.delete(note);
      return null;
    }
  }

  /**
   * Writes the range, or the rest of it.
   *
   * @param reached receives the number of events in the file
   * @throws ArchiveException when the file exists, or a chain is broken
   */
  public Written write(Path file, Range range, LongConsumer reached) throws IOException {
    if (Files.exists(file)) {
      throw new ArchiveException(file + " exists");
    }
    Path part = partOf(file);
    if (!range.equals(unfinished(file))) {
      Files.deleteIfExists(part);
      Files.writeString(noteFor(file), JSON.writeValueAsString(range));
    }
    Written written;
    try (FileChannel channel = FileChannel.open(part, CREATE, READ, WRITE)) {
      var run = new Run(range, channel, reached);
      written = run.finish();
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(noteFor(file));
    return written;
  }

  private static Path partOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  private static Path noteFor(Path file) {
    return file.resolveSibling(file.getFileName() + ".range");
  }

  /** One run of an export. */
  private final class Run {
    private final Range range;
    private final GzipMemberStream.Writer out;
    private final LongConsumer reached;
    private final MessageDigest digest = Sha256.start();
    private final SortedMap<String, Sha256> ends;

    /** Of an export of all tenants, closed ones are no part. */
    private final Set<String> closed;

    private long count;
    private long position;

    Run(Range range, FileChannel channel, LongConsumer reached) throws IOException {
      this.range = range;
      this.reached = reached;
      this.position = range.after();
      this.closed = range.whose() == null ? events.closedTenants() : Set.of();
      String last = resume(channel);
      this.out = new GzipMemberStream.Writer(channel);
      if (last == null) {
        line(JSON.writeValueAsString(header()));
      } else if (count > 0) {
        StoredEvent event = ArchivedEventCodec.read(last, count + 1);
        position = events.positionOf(event.stream(), event.sequence()).orElseThrow();
      }
      this.ends = events.heads(range.whose(), position);
    }

    /** Reads the existing part of the file; returns its last line, null when it is empty. */
    private @Nullable String resume(FileChannel channel) throws IOException {
      String last = null;
      long whole = 0;
      // closing the reader would close the channel
      @SuppressWarnings("resource")
      var there = new GzipMemberStream.Reader(channel);
      try {
        for (List<String> lines = there.next(); lines != null; lines = there.next()) {
          for (String line : lines) {
            digest.update((line + "\n").getBytes(UTF_8));
          }
          count += lines.size();
          last = lines.getLast();
          whole = there.offset();
        }
      } catch (EOFException cutOff) {
        // bytes after the last complete member are overwritten
      }
      channel.truncate(whole);
      channel.position(whole);
      if (last != null) {
        count--; // the header
      }
      return last;
    }

    private ArchiveHeader header() {
      SortedMap<String, Sha256> before = events.heads(range.whose(), range.after());
      List<ArchiveHeader.Tenant> all = new ArrayList<>();
      events
          .heads(range.whose(), range.upTo())
          .forEach(
              (tenant, end) -> {
                Sha256 start = before.getOrDefault(tenant, EventChain.START);
                if (!start.equals(end) && !closed.contains(tenant)) {
                  String name = tenants.nameOf(new TenantId(tenant));
                  all.add(new ArchiveHeader.Tenant(tenant, name, start.toString()));
                }
              });
      return new ArchiveHeader(ArchiveHeader.VERSION, all);
    }

    Written finish() throws IOException {
      reached.accept(count);
      events.forEach(range.whose(), position, range.upTo(), this::event);
      String sha256 = Sha256.of(digest).toString();
      SortedMap<String, String> heads = new TreeMap<>();
      SortedMap<String, Sha256> before = events.heads(range.whose(), range.after());
      for (Map.Entry<String, Sha256> end : ends.entrySet()) {
        if (!end.getValue().equals(before.get(end.getKey())) && !closed.contains(end.getKey())) {
          heads.put(end.getKey(), end.getValue().toString());
        }
      }
      out.line(
          (JSON.writeValueAsString(new ArchiveTrailer(count, sha256, heads)) + "\n")
              .getBytes(UTF_8));
      out.finish();
      return new Written(count, sha256);
    }

    private void event(StoredEvent event) {
      String tenant = event.stream().tenant().value();
      if (closed.contains(tenant)) {
        return;
      }
      Sha256 hash = EventChain.next(ends.getOrDefault(tenant, EventChain.START), event);
      if (!hash.equals(event.hash())) {
        throw new ArchiveException(
            "the event at position %d is not as it was written: see kontor verify --chain"
                .formatted(event.position()));
      }
      ends.put(tenant, hash);
      try {
        line(ArchivedEventCodec.write(event));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      reached.accept(++count);
    }

    private void line(String text) throws IOException {
      byte[] bytes = (text + "\n").getBytes(UTF_8);
      digest.update(bytes);
      out.line(bytes);
    }
  }
}
