// The rail of places; names show on hover and on wide windows.
import { useAddress } from "../routes/address";
import { Link } from "../routes/Link";
import { pageOf, pages } from "./pages";

export function Rail() {
  const { path } = useAddress();
  const here = pageOf(path);
  return (
    <nav className="rail" aria-label="Places">
      {pages.map((page) => (
        <Link
          key={page.name}
          to={page.to()}
          className="rail-item"
          aria-current={page === here ? "page" : undefined}
          title={`${page.name} (${page.key})`}
        >
          <page.icon size={18} strokeWidth={1.75} aria-hidden />
          <span className="rail-name">{page.name}</span>
        </Link>
      ))}
    </nav>
  );
}
