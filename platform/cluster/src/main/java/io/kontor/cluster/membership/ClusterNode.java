package io.kontor.cluster.membership;

import io.kontor.cluster.role.NodeRoles;
import java.net.URI;
import java.util.UUID;

/**
 * A process of the bank.
 *
 * @param id new at each start
 * @param address where other nodes reach it
 * @param version of the program; commands are only sent between nodes of the same version
 */
public record ClusterNode(UUID id, URI address, NodeRoles roles, String version) {}
