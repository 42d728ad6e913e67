/**
 * Cells: databases of single tenants, each with a store, projections, processes and an HTTP API of
 * its own in this process. What all tenants share (server, security, membership) is not here.
 */
@NullMarked
package io.kontor.app.cell;

import org.jspecify.annotations.NullMarked;
