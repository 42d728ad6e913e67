package io.kontor.command.http;

import io.kontor.api.message.VersionedResult;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.request.EntityTags;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;

/**
 * The result of a request. The HTTP response derives from it alone, so a replay equals the first
 * response.
 *
 * @param position the position in the event store that was reached
 * @param replayed whether it is the recorded result of an earlier request with the same key
 */
public record CommandResponse<A>(A answer, long position, boolean replayed) {
  public ResponseEntity<A> ok() {
    return entity(ResponseEntity.ok());
  }

  public ResponseEntity<A> accepted() {
    return entity(ResponseEntity.accepted());
  }

  public ResponseEntity<A> accepted(String location) {
    return entity(ResponseEntity.accepted().location(URI.create(location)));
  }

  public ResponseEntity<A> created() {
    return entity(ResponseEntity.status(HttpStatus.CREATED));
  }

  public ResponseEntity<A> created(String location) {
    return entity(ResponseEntity.created(URI.create(location)));
  }

  public ResponseEntity<Void> noContent() {
    var response =
        ResponseEntity.noContent().header(KontorHeaders.POSITION, Long.toString(position));
    if (replayed) {
      response.header(KontorHeaders.IDEMPOTENT_REPLAYED, "true");
    }
    return response.build();
  }

  private ResponseEntity<A> entity(BodyBuilder response) {
    response.header(KontorHeaders.POSITION, Long.toString(position));
    if (replayed) {
      response.header(KontorHeaders.IDEMPOTENT_REPLAYED, "true");
    }
    if (answer instanceof VersionedResult stream) {
      response.eTag(EntityTags.of(stream.version()));
    }
    return response.body(answer);
  }
}
