package io.kontor.web.security;

import io.kontor.web.problem.ProblemException;
import java.util.Optional;

/** Finds for whom API keys act: a node in its database, a gateway at a node. */
public interface ApiKeyLookup {
  /**
   * The key's holder; empty when the key is unknown, revoked, expired or altered.
   *
   * @param address the IP address of the client that sent it
   * @throws ProblemException when that can't be found out now
   */
  Optional<ApiKeyHolder> find(ApiKey key, String address);
}
