package io.sendport.console.api;

import io.sendport.console.access.Reach;
import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.check.Diagnosis;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Looks at the way to the servers that the configuration names, and to no others: it must not become a scanner of somebody else's network. */
final class DoctorResource {

    private final Supplier<Operations> operations;
    private final Workbench workbench;
    private final OneAtATime looking = new OneAtATime("the doctor is busy here already", 15);

    DoctorResource(Supplier<Operations> operations, Workbench workbench) {
        this.operations = operations;
        this.workbench = workbench;
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/api/v1/doctor", Set.of(Role.OPERATOR), this::look));
    }

    private Answer look(Call call) {
        Filters.requireKnown(call, Set.of("port"));
        Operations all = operations.get();
        Optional<String> port = call.query("port");
        Reach reach = call.caller().reach(Role.OPERATOR, all.routing());
        if (port.isEmpty() ? !reach.isEverywhere() : !reach.covers(port.get())) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    call.caller().name() + " has not the role operator "
                            + port.map(name -> "at port \"" + name + "\"").orElse("at all ports; name one with port"));
        }
        port.filter(name -> !all.routing().ports().containsKey(name)).ifPresent(name -> {
            throw RefusedException.notFound("there is no send port \"" + name + "\"");
        });
        Diagnosis diagnosis = new Diagnosis(workbench.extensions(), Optional.empty(), all.clock());
        looking.begin();
        return Answer.lines(out -> {
            try {
                run(diagnosis, port, out);
            } finally {
                looking.end();
            }
        });
    }

    /** Each finding as soon as it is made; the last line says whether nothing failed. */
    private void run(Diagnosis diagnosis, Optional<String> port, OutputStream out) throws IOException {
        try {
            boolean good = diagnosis.ofConfiguration(workbench.reading().get(), port, (target, finding) -> {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("severity", finding.level().name());
                line.put("where", target + ", " + finding.check());
                line.put("message", finding.result());
                line.put("advice", finding.advice().isEmpty() ? null : finding.advice());
                try {
                    out.write(Answer.line(line));
                    out.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            out.write(Answer.line(Map.of("good", good)));
        } catch (RuntimeException e) {
            out.write(Answer.line(Map.of("good", false, "message", String.valueOf(e.getMessage()))));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the diagnosis failed", e);
        }
    }
}
