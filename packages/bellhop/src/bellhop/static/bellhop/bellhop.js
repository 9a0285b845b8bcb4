/* django-bellhop, BSD-3-Clause. Made from packages/bellhop/js by build.mjs; edit there. */
(()=>{var f=Object.freeze({READY:"ready",NOTIFICATION:"notification",STATE:"state",BEAT:"beat",RESYNC:"resync"}),T=Object.freeze({RESTART:1012,BAD_FRAME:4400,NO_SESSION:4401,UNKNOWN_PATH:4404,TOO_SLOW:4408,TOO_MANY:4429,UNAVAILABLE:4503}),_=6e4,ot=2e4,at=500,ht=3e4,lt=2e3;var y=class{#e=0;#t;#n;#s;constructor({base:t=at,cap:e=ht,random:s=Math.random}={}){this.#t=t,this.#n=e,this.#s=s}next(){let t=Math.min(this.#n,this.#t*2**this.#e);return t<this.#n&&(this.#e+=1),Math.round(this.#s()*t)}slow(){return Math.round(this.#n*(.5+this.#s()/2))}reset(){this.#e=0}};var p=i=>Number.isSafeInteger(i)&&i>=0,V=i=>i==null,qt=i=>V(i)||Array.isArray(i)&&i.every(t=>typeof t=="string"),ct={[f.READY]:i=>p(i.seq)&&p(i.rev)&&p(i.unread),[f.BEAT]:i=>p(i.seq)&&p(i.rev)&&p(i.unread),[f.RESYNC]:i=>p(i.seq),[f.NOTIFICATION]:i=>typeof i.message=="string"&&(V(i.seq)||p(i.seq)&&typeof i.id=="string"),[f.STATE]:i=>p(i.rev)&&p(i.unread)&&[i.through,i.since].every(t=>V(t)||p(t))&&[i.read,i.unread_ids,i.archived,i.removed].every(qt)};function dt(i){if(typeof i!="string")return null;let t;try{t=JSON.parse(i)}catch{return null}return t===null||typeof t!="object"||Array.isArray(t)||!Object.hasOwn(ct,t.type)?null:ct[t.type](t)?t:null}var l=Object.freeze({CONNECTING:"connecting",OPEN:"open",WAITING:"waiting",OFFLINE:"offline",SIGNED_OUT:"signed-out",CLOSED:"closed"}),Dt={setTimeout:(i,t)=>globalThis.setTimeout(i,t),clearTimeout:i=>globalThis.clearTimeout(i)},O=class extends EventTarget{#e;#t;#n;#s;#i;#o;#r;#a;#h;#l=l.CLOSED;#w=null;#c=null;#d=null;#y=!1;#g=0;#u=0;constructor({url:t,after:e=0,checkSession:s,WebSocket:n=globalThis.WebSocket,isOnline:r=()=>!0,random:o=Math.random,timers:h=Dt,now:a=Date.now}){super(),this.#e=t,this.#t=e,this.#s=s,this.#n=n,this.#i=r,this.#o=o,this.#r=h,this.#a=a,this.#h=new y({random:o})}get state(){return this.#l}get cursor(){return this.#t}start(){this.#l!==l.CLOSED&&this.#l!==l.SIGNED_OUT||(this.#u+=1,this.#h.reset(),this.#f())}stop(){this.#u+=1,this.#x(),this.#E(),this.#S(l.CLOSED)}wake(){this.#c!==null?this.#f():this.#l===l.OPEN&&this.#a()-this.#g>_&&(this.#x(),this.#f())}networkChanged(){this.#i()?this.wake():this.#l===l.WAITING&&this.#S(l.OFFLINE)}#f(){this.#E();let t;try{t=new this.#n(`${this.#e}?after=${this.#t}`)}catch{this.#T(this.#h.slow());return}this.#w=t,t.onmessage=e=>this.#m(e.data),t.onclose=e=>this.#p(e.code),this.#v(ot),this.#S(l.CONNECTING)}#m(t){this.#g=this.#a(),this.#l===l.OPEN&&this.#v(_);let e=dt(t);if(e!==null)switch(e.type){case f.READY:if(this.#l===l.OPEN)break;this.#y=e.seq<this.#t,this.#h.reset(),this.#v(_),this.#S(l.OPEN),this.#k("ready",e);break;case f.NOTIFICATION:this.#b(e);break;case f.STATE:this.#k("sync",e);break;case f.BEAT:this.#k("beat",e);break;case f.RESYNC:{let s=this.#t;if(e.seq<s&&!this.#y)return;this.#y=!1,this.#t=e.seq,this.#k("resync",{seq:e.seq,from:s});break}}}#b(t){if(Number.isInteger(t.seq)){if(t.seq<=this.#t)return;this.#t=t.seq}this.#k("notification",t)}#p(t){let e=this.#l===l.OPEN;switch(this.#x(),t){case T.NO_SESSION:this.#O(t);break;case T.BAD_FRAME:case T.UNKNOWN_PATH:this.#T(this.#h.slow(),t);break;case T.RESTART:this.#T(e?Math.round(this.#o()*lt):this.#h.next(),t);break;default:this.#T(this.#h.next(),t)}}async#O(t){let e=this.#u;this.#S(l.WAITING,{code:t});let s=0;try{s=await this.#s()}catch{}e===this.#u&&(s===401?this.#S(l.SIGNED_OUT,{code:t}):this.#T(this.#h.next(),t))}#T(t,e){this.#E(),this.#c=this.#r.setTimeout(()=>this.#f(),t),this.#S(this.#i()?l.WAITING:l.OFFLINE,{code:e,delay:t})}#E(){this.#c!==null&&this.#r.clearTimeout(this.#c),this.#c=null}#v(t){this.#_(),this.#d=this.#r.setTimeout(()=>this.#p(void 0),t)}#_(){this.#d!==null&&this.#r.clearTimeout(this.#d),this.#d=null}#x(){this.#_();let t=this.#w;t!==null&&(this.#w=null,t.onmessage=t.onclose=null,t.close())}#S(t,e={}){let s=this.#l;t!==s&&(this.#l=t,this.#k("state",{state:t,previous:s,...e}))}#k(t,e){this.dispatchEvent(new CustomEvent(t,{detail:e}))}};function ut(i,{protocol:t,hostname:e,host:s}){let n=t==="https:"?"wss:":"ws:";return/^(ws|http)s?:\/\//i.test(i)?i.replace(/^http/i,"ws"):/^:\d+/.test(i)?`${n}//${e}${i}`:`${n}//${s}${i.startsWith("/")?"":"/"}${i}`}var A="[bellhop]";function ft(i){console.log(A,i.message,i)}function mt({state:i,code:t,delay:e}){let s=t===void 0?"":` (code ${t})`,n=e===void 0?"":`, next attempt in ${e} ms`;console.debug(A,`connection ${i}${s}${n}`)}function pt({seq:i,from:t}){console.debug(A,`resync: going on from ${i}, was at ${t}; the list is fetched again`)}function w(i,t){console.warn(A,i,t)}var S=class extends Error{constructor(t,e){super(e),this.name="ApiError",this.status=t}},J=409,I=class{#e;#t;#n;#s="";constructor({base:t,csrfHeader:e,fetch:s=(...n)=>globalThis.fetch(...n)}){this.#e=t,this.#n=e||"X-CSRFToken",this.#t=s}list(t={},e){return this.#i("GET",`?${new URLSearchParams(t)}`,e)}async summary(t){let e=await this.#i("GET","summary",t);return this.#s=e.csrf_token??this.#s,e}async mark(t,e,s){let n=s?{...e,user_key:s}:e;try{return await this.#i("POST",t,s,n)}catch(r){if(r.status!==403)throw r;return await this.summary(s),this.#i("POST",t,s,n)}}async#i(t,e,s,n){let r={Accept:"application/json"};n!==void 0&&(r["Content-Type"]="application/json",r[this.#n]=this.#s);let o;try{o=await this.#t(this.#e+e,{method:t,headers:r,body:n===void 0?void 0:JSON.stringify(n),credentials:"same-origin",cache:"no-store",keepalive:n!==void 0,signal:AbortSignal.timeout(15e3)})}catch(a){throw new S(0,a instanceof Error?a.message:String(a))}let h=await o.json().catch(()=>null);if(!o.ok)throw new S(o.status,h?.error?.message??`HTTP ${o.status}`);if(h===null)throw new S(0,"the answer was no JSON");if(s&&h.user_key!==void 0&&h.user_key!==s)throw new S(J,"somebody else is signed in");return h}};var X="bellhop:shown:";function gt(i){let t=new Map;try{let e=i();for(let s=0;s<e.length;s+=1){let n=e.key(s);n.startsWith(X)&&t.set(n.slice(X.length),wt(e.getItem(n)))}}catch{}return t}function wt(i){let t=Number(i);return Number.isSafeInteger(t)&&t>0?t:0}var N=class{#e;#t;#n=0;constructor(t,e){this.#e=X+t;try{this.#t=e(),this.#n=this.#s()}catch{this.#t=null}}get seq(){return this.#n}reread(){return this.#n=Math.max(this.#n,this.#s()),this.#n}raise(t){t<=this.#n||(this.#n=t,t>this.#s()&&this.#i(t))}reset(t){this.#n=t,this.#i(t)}#s(){try{return wt(this.#t?.getItem(this.#e))}catch{return 0}}#i(t){try{this.#t?.setItem(this.#e,String(t))}catch{}}};function m(i,t={},{cancelable:e=!1}={}){return document.dispatchEvent(new CustomEvent(`bellhop:${i}`,{detail:t,cancelable:e}))}var M=class{#e;#t;#n;#s;constructor({unread:t,seq:e,rev:s},n=()=>{}){this.#e=t,this.#t=e,this.#n=s,this.#s=n}get count(){return this.#e}get rev(){return this.#n}ready({seq:t,rev:e,unread:s}){this.#t=t,this.#n=e,this.#i(s)}beat({seq:t,rev:e,unread:s}){t<this.#t||e<this.#n||this.ready({seq:t,rev:e,unread:s})}state({seq:t,rev:e,unread:s}){e<this.#n||(this.#n=e,Number.isInteger(t)&&(this.#t=Math.max(this.#t,t)),this.#i(s))}notification({seq:t,read:e}){!Number.isInteger(t)||t<=this.#t||(this.#t=t,e||this.#i(this.#e+1))}#i(t){t!==this.#e&&(this.#e=t,this.#s(t))}};var C=class{#e;#t;#n;#s;#i=[];#o=null;#r=0;constructor({show:t,more:e,shown:s,timers:n}){this.#e=t,this.#t=e,this.#n=s,this.#s=n??{setTimeout:(r,o)=>globalThis.setTimeout(r,o),clearTimeout:r=>globalThis.clearTimeout(r)}}catchUp(t){this.#r=t}push(t){this.#i.push(t);let{seq:e}=t;Number.isInteger(e)&&e<this.#r?this.#a():(e===this.#r||this.#o===null)&&this.#h()}forget(t){for(let e of this.#i)t(e)&&(e.gone=!0)}skip(t){t>0&&this.#t(t)}#a(){this.#o??=this.#s.setTimeout(()=>this.#h(),250)}#h(){this.#o!==null&&this.#s.clearTimeout(this.#o),this.#o=null;let t=this.#i;if(t.length===0)return;this.#i=[];let e=t.filter(({read:r,gone:o})=>!r&&!o),s=e.slice(0,-4);s.length>0&&this.#t(s.length);for(let r of e.slice(-4))this.#e(r);let n=t.map(({seq:r})=>r).filter(Number.isInteger);n.length>0&&this.#n(n.at(-1)),this.#a()}};var Ft=5e3,L=class{#e;#t;#n;#s;#i;#o=0;#r;#a=!1;#h=!1;#l=Promise.resolve();constructor({user_key:t,seq:e,rev:s,unread:n,since:r=e},{rendered:o,shown:h},a,c){this.key=t,this.#r=c,this.#s=new N(t,()=>window.localStorage),this.#i=Math.min(h,this.#s.seq),this.#n=new C({show:u=>this.#p("toast",u),more:u=>this.#p("more",u),shown:u=>this.#m(u)}),this.#t=new M({seq:e,rev:s,unread:n},u=>{this.#p("unread",u),m("unread",{unread:u})}),this.#e=new O({url:a,after:Math.max(r,Math.min(this.#i,o)),isOnline:()=>navigator.onLine,checkSession:c.checkSession}),this.#w()}get unread(){return this.#t.count}get position(){return{seq:this.#e.cursor,rev:this.#t.rev}}start(){this.#e.start()}stop(){this.#e.stop()}end(){this.#a=!0,this.#e.stop()}wake(){document.hidden||this.#s.raise(this.#o),this.#e.wake()}networkChanged(){this.#e.networkChanged()}hold(){if(this.#h)return;this.#h=!0;let t=new Promise(e=>setTimeout(e,Ft));this.#c(()=>t),this.#c(()=>{this.#h=!1,this.#i=Math.max(this.#i,this.#s.reread())})}heard(t){this.#t.beat(t)}changed(t,e){this.#p("answered",t,e),this.#b(t),this.#t.state(e),m("changed")}#w(){let t=(s,n)=>this.#e.addEventListener(s,({detail:r})=>this.#a||n(r)),e=s=>this.#c(s);t("state",s=>{mt(s),s.state===l.SIGNED_OUT?this.#r.over():this.#r.state(s)}),t("ready",s=>{s.user_key!==void 0&&s.user_key!==this.key?this.#r.over():this.#d(s)}),t("beat",s=>e(()=>{this.#t.beat(s),this.#p("beat",s)})),t("sync",s=>e(()=>{this.#p("changed",s),this.#b(s),this.#t.state(s),m("changed")})),t("notification",s=>e(()=>this.#g(s))),t("resync",s=>{pt(s),this.#p("resync"),e(()=>this.#f(s))})}#c(t){this.#l=this.#l.then(()=>this.#a?void 0:t()).catch(e=>w("unexpected",e))}#d(t){let e=t.seq<this.#i;this.#c(()=>this.#y(t,e))}#y(t,e){e&&(this.#i=0,this.#s.reset(Math.min(this.#e.cursor,t.seq))),this.#t.ready(t),this.#n.catchUp(t.seq),this.#p("ready",t),m("changed")}#g(t){this.#t.notification(t),t.id&&this.#p("arrived",t),t.seq<=this.#i||this.#u(t)}#u(t){ft(t);let e=m("notification",t,{cancelable:!0})&&t.toast!==!1;this.#n.push(e?t:{...t,gone:!0})}async#f({seq:t,from:e}){let s=Math.max(e,this.#i),n=[];try{n=(await this.#r.list({limit:50})).results.filter(o=>o.seq>s&&o.seq<=t).reverse()}catch(r){w("could not fetch what was missed",r)}if(!this.#a){this.#n.catchUp(t),this.#n.skip(t-s-n.length);for(let r of n)this.#u(r);t<e?this.#s.reset(t):this.#m(t),m("changed")}}#m(t){this.#o=t,document.hidden||this.#s.raise(t)}#b({read:t=[],archived:e=[],removed:s=[],through:n=0}){let r=new Set([...t,...e,...s]);if(r.size===0&&n===0)return;let o=({id:h,seq:a})=>r.has(h)||Number.isInteger(a)&&a<=n;this.#n.forget(o),this.#p("forget",o)}#p(t,...e){this.#a||this.#r.tell(t,...e)}};var Rt=6e4,Ut={read:"read",unread:"unread_ids",archive:"archived"},Q=({status:i})=>i===401||i===J,Z=()=>document.querySelector("[data-bellhop-user]")?.dataset.bellhopUser||void 0,q=class{#e;#t;#n=new Set;#s=l.CLOSED;#i=null;#o=!1;#r=0;#a=-1/0;#h=new y;#l=null;#w=gt(()=>window.localStorage);constructor({api:t,socketUrl:e,csrfHeader:s}){this.#e=new I({base:t,csrfHeader:s}),this.#t=e}get state(){return this.#s}get unread(){return this.#i?.unread??0}get userKey(){return this.#i?.key??null}get hasEnded(){return this.#s===l.SIGNED_OUT&&this.#o}get position(){return this.#i?.position??null}attach(t){this.#n.add(t)}detach(t){this.#n.delete(t)}start(){this.#s===l.CLOSED&&(this.#i===null?this.#d():this.#i.start())}stop(){this.#g(),this.#i?.stop(),this.#m({state:l.CLOSED})}async refresh(){let t=this.#i;if(t===null){await this.#d();return}try{let e=await this.#e.summary();if(t!==this.#i)return;e.user_key===t.key?t.heard(e):this.#f(e)}catch(e){t===this.#i&&Q(e)&&this.#f()}}wake(){this.#i!==null?this.#i.wake():this.#l!==null?this.#d():this.#s===l.SIGNED_OUT&&Date.now()-this.#a>Rt&&this.#d()}hold(){this.#i?.hold()}networkChanged(){this.#i!==null?this.#i.networkChanged():navigator.onLine?this.wake():this.#s===l.WAITING&&this.#m({state:l.OFFLINE})}async list(t,e=this.userKey){let s=await this.#c(e,this.#e.list(t,e));return e===this.userKey&&this.#i?.heard(s),s}async mark(t,e,s=this.userKey){let n=await this.#c(s,this.#e.mark(t,e,s));return s===this.userKey&&this.#i?.changed(e.ids?{[Ut[t]]:e.ids}:e,n),n}follow(t,e=this.userKey){let{id:s,url:n,read:r}=t,o=m("open",{id:s,url:n,notification:t},{cancelable:!0});return s&&!r&&this.mark("read",{ids:[s]},e).catch(h=>w("could not mark as read",h)),o}tellFailure(t){w("request failed",t),Q(t)||this.#b("notice",t)}async#c(t,e){try{return await e}catch(s){throw Q(s)&&this.#i!==null&&t===this.#i.key&&this.#f(),s}}async#d(){this.#g();let t=this.#r;this.#a=Date.now(),this.#s!==l.SIGNED_OUT&&this.#m({state:l.CONNECTING});let e;try{e=await this.#e.summary()}catch(s){t===this.#r&&this.#y(s);return}t===this.#r&&this.#u(e)}#y(t){if(t.status===401){this.#f();return}w("could not ask who is signed in",t),this.#l=setTimeout(()=>this.#d(),this.#h.next()),this.#m({state:navigator.onLine?l.WAITING:l.OFFLINE})}#g(){this.#r+=1,clearTimeout(this.#l),this.#l=null}#u(t){let{user_key:e,seq:s}=t,n=Z();if(n!==void 0&&n!==e){this.#f();return}this.#h.reset(),this.#o=!0;let r=Math.min(s,...[...this.#n].map(c=>c.rendered?.(e)??s)),o=this.#w===null?1/0:this.#w.get(e)??0;this.#w=null;let h=null,a=new L(t,{rendered:r,shown:o},this.#t,{tell:(...c)=>this.#b(...c),state:c=>this.#m(c),over:()=>this.#f(h),list:c=>this.list(c,e),checkSession:async()=>{try{let c=await this.#e.summary();return c.user_key===e?200:(h=c,401)}catch(c){return c.status??0}}});this.#i=a,this.#b("unread",a.unread),m("unread",{unread:a.unread}),this.#b("joined",{seq:a.position.seq,rev:0}),a.start()}#f(t=null){this.#g();let e=this.#i;this.#i=null,this.#o||=Z()!==void 0,e?.end(),this.#m({state:l.SIGNED_OUT}),this.#b("ended"),m("unread",{unread:0}),t!==null?this.#u(t):e!==null&&Z()===void 0&&this.#d()}#m({state:t,...e}){let s=this.#s;t!==s&&(this.#s=t,this.#b("state",{state:t,previous:s,...e}),m("state",{state:t,previous:s}))}#b(t,...e){for(let s of[...this.#n])s[t]?.(...e)}};var D=Symbol.for("bellhop.client"),bt="bellhop:signed-in",yt=()=>document[D];function F({api:i,socket:t,csrfHeader:e}){if(document[D]===void 0){let s=new q({api:i,socketUrl:ut(t,location),csrfHeader:e});document[D]=s,Gt(s),queueMicrotask(()=>s.start())}return document[D]}function Gt(i){window.addEventListener("online",()=>i.networkChanged()),window.addEventListener("offline",()=>i.networkChanged()),document.addEventListener("visibilitychange",()=>{document.hidden||i.wake()}),window.addEventListener("pagehide",()=>i.stop()),window.addEventListener("pageshow",t=>{t.persisted&&i.start()}),window.addEventListener("submit",t=>{!t.defaultPrevented&&Pt(t)&&i.hold()}),window.addEventListener("storage",({key:t})=>{t===bt&&i.state===l.SIGNED_OUT&&i.refresh()}),i.attach({state:()=>$t(i),joined:Ht})}function Pt({target:i,submitter:t}){let e=t?.getAttribute("formtarget")??i.getAttribute("target"),s=t?.getAttribute("formmethod")??i.getAttribute("method");return(e??"_self")==="_self"&&s!=="dialog"}function Ht(){try{window.localStorage.setItem(bt,String(Date.now()))}catch{}}function $t(i){for(let t of document.querySelectorAll("[data-bellhop-signed-out]"))t.hidden=!i.hasEnded}var b={bell:"M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 2h-15ZM10 21h4",login:"M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M4 12h11M11 8l4 4-4 4",summary:"M4 7h16M4 12h16M4 17h10",problem:"M12 5v9M12 18.5v.5",dismiss:"M6 6l12 12M18 6L6 18"},St=i=>Object.hasOwn(b,i)?b[i]:b.bell;var kt="http://www.w3.org/2000/svg";function d(i,t={},...e){return tt(document.createElement(i),t,e)}function E(i,t=24){let e={fill:"none",stroke:"currentColor","stroke-width":2,"stroke-linecap":"round","stroke-linejoin":"round"},s=tt(document.createElementNS(kt,"path"),{d:i,...e},[]),n={viewBox:"0 0 24 24",width:t,height:t,"aria-hidden":"true",focusable:"false"};return tt(document.createElementNS(kt,"svg"),n,[s])}function k(i){let t=new CSSStyleSheet;return t.replaceSync(i),t}function tt(i,t,e){for(let[s,n]of Object.entries(t))n!==!1&&n!==null&&i.setAttribute(s,n===!0?"":String(n));return i.append(...e),i}var R=`
:host {
  --_surface: var(--bellhop-surface, light-dark(#fff, #1c2226));
  --_surface-sunk: var(--bellhop-surface-sunk, light-dark(#f1eee8, #252c31));
  --_text: var(--bellhop-text, light-dark(#1f262b, #e6e9eb));
  --_muted: var(--bellhop-muted, light-dark(#566069, #a0abb3));
  --_line: var(--bellhop-line, light-dark(#e3ded4, #2e363c));
  --_accent: var(--bellhop-accent, light-dark(#0b5f69, #74cdd6));
  --_accent-soft: var(--bellhop-accent-soft, light-dark(#e4f0f0, #17333a));
  --_mark: var(--bellhop-mark, light-dark(#a9701a, #e3ae4d));
  --_danger: var(--bellhop-danger, light-dark(#b42318, #ff9a90));
  --_danger-soft: var(--bellhop-danger-soft, light-dark(#fdecea, #3a2020));
  --_badge: var(--bellhop-badge, #e3ae4d);
  --_badge-text: var(--bellhop-badge-text, #2a1c00);
  --_radius: var(--bellhop-radius, 0.75rem);
  --_shadow: var(--bellhop-shadow, 0 2px 6px rgb(31 38 43 / 10%), 0 12px 32px rgb(31 38 43 / 16%));
}

*, ::before, ::after {
  box-sizing: border-box;
}

/* Against anything that a page says of all its elements: inside, "important" wins over the outside. */
[hidden] {
  display: none !important;
}
`;function Tt(i,t){return i===0&&!t?"You are offline, so nothing was changed.":i===0||i===503?"Bellhop does not answer just now. Please try again in a moment.":i===403?"This page is too old for that. Please reload it.":i===429?"That was a little too often. Please wait a moment.":"That didn’t work. Please try again."}var Et=`
:host {
  position: fixed !important;
  inset: auto 0 0 auto !important;
  z-index: var(--bellhop-z-index, 2147483000) !important;
  display: block !important;
  visibility: visible;
  color: var(--_text);
  font: 1rem/1.5 var(--bellhop-font, system-ui, sans-serif);
  pointer-events: none; /* between the toasts the page below stays usable */
}

:host(:dir(rtl)) {
  inset: auto auto 0 0 !important;
}

[part="toasts"] {
  display: grid;
  gap: 0.625rem;
  width: min(27.5rem, 100vw);
  max-height: calc(100vh - 4rem);
  padding-block-start: 2.5rem; /* not margins: room for the shadows, which overflow would cut off */
  padding-inline-start: 2.5rem;
  padding-inline-end: calc(1rem + env(safe-area-inset-right));
  padding-block-end: calc(1rem + env(safe-area-inset-bottom));
  overflow: hidden auto;
}

[part="toasts"]:empty {
  display: none;
}

[part="toast"] {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr) auto;
  align-items: start;
  gap: 0.75rem;
  padding: 0.75rem;
  padding-inline-end: 0.25rem;
  border: 1px solid var(--_line);
  border-inline-start: 4px solid var(--_mark);
  border-radius: var(--_radius);
  background: var(--_surface);
  box-shadow: var(--_shadow);
  pointer-events: auto;
  animation: come 0.22s ease-out;
}

[data-kind="problem"] {
  border-inline-start-color: var(--_danger);
}

[part="toast-icon"] {
  display: grid;
  place-items: center;
  width: 2.25rem;
  height: 2.25rem;
  border-radius: 50%;
  background: var(--_accent-soft);
  color: var(--_accent);
}

[data-kind="problem"] > [part="toast-icon"] {
  background: var(--_danger-soft);
  color: var(--_danger);
}

[part="toast-text"] {
  min-width: 0;
  max-height: 12rem;
  padding-block: 0.25rem;
  overflow-y: auto;
  overflow-wrap: anywhere;
}

p {
  margin: 0;
}

[part="toast-message"] {
  font-weight: 600;
  line-height: 1.4;
}

[part="toast-body"] {
  color: var(--_muted);
  font-size: 0.9375rem;
  white-space: pre-line;
}

[part="toast-link"] {
  display: inline-flex;
  align-items: center;
  min-height: 2.75rem;
  margin-block-end: -0.5rem;
  color: var(--_accent);
  font-weight: 500;
}

[part="toast-dismiss"] {
  display: grid;
  place-items: center;
  width: 2.75rem;
  height: 2.75rem;
  margin-block: -0.25rem;
  padding: 0;
  border: 0;
  border-radius: 0.5rem;
  background: none;
  color: var(--_muted);
  cursor: pointer;
}

:is([part="toast-dismiss"], [part="toast-link"]):focus-visible {
  outline: 2px solid var(--_accent);
  outline-offset: -2px;
}

@media (max-width: 40rem) {
  [part="toasts"] {
    padding-inline-start: 1rem;
  }
}

@keyframes come {
  from {
    opacity: 0;
    transform: translateY(0.75rem);
  }
}

@media (prefers-reduced-motion: reduce) {
  [part="toast"] {
    animation: none;
  }
}
`;function U(i){if(typeof i!="string"||!/^(\/|https?:\/\/)/i.test(i))return null;try{let{protocol:t}=new URL(i,"https://base.invalid");return t==="https:"||t==="http:"?i:null}catch{return null}}function vt({message:i,kind:t="message",id:e="",body:s="",url:n=null,linkText:r="Open"},o){let h=d("button",{part:"toast-dismiss",type:"button","data-dismiss":!0,"aria-label":"Dismiss"},E(b.dismiss,18));return h.addEventListener("click",o),d("div",{part:"toast","data-testid":"toast","data-kind":t,"data-id":e},d("span",{part:"toast-icon","aria-hidden":"true"},E(St(t),18)),d("div",{part:"toast-text"},d("p",{part:"toast-message","data-testid":"toast-message",dir:"auto"},i),d("p",{part:"toast-body","data-body":!0,dir:"auto",hidden:!s},s??""),d("a",{part:"toast-link","data-link":!0,href:n,hidden:n===null},r)),h)}var xt=8e3,et=500,jt=2,G=class{#e;#t;#n;#s=new Map;#i=new Map;#o=null;#r=null;#a=0;#h=null;#l=matchMedia("(hover: hover)");#w=matchMedia("(max-width: 40rem)");constructor(t,e,s){this.#e=t,this.#t=e,this.#n=s}show(t){let{id:e="",kind:s,message:n,body:r,url:o}=t,h=this.#c({id:e,kind:s,message:n,body:r,url:U(o)});this.#i.set(h,t),h.querySelector("[data-link]").addEventListener("click",a=>{this.#n(t)||a.preventDefault()}),this.#y(),this.#d(h)}forget(t){for(let[e,s]of[...this.#i])t(s)&&this.#g(e)}clear(){for(let t of[...this.#s.keys()])this.#u(t)}more(t){this.#a+=t;let e=`${this.#a} more notification${this.#a===1?"":"s"}`;this.#o===null?(this.#o=this.#c({kind:"summary",message:e,url:this.#t(),linkText:"Show all"}),this.#e.prepend(this.#o)):this.#o.querySelector("[data-testid=toast-message]").textContent=e,this.#s.set(this.#o,xt),this.#f()}notice(t){let e=this.#c({kind:"problem",message:t});this.#r!==null&&this.#u(this.#r),this.#r=e,this.#d(e)}#c(t){let e=vt(t,()=>this.#g(e));return e.addEventListener("keydown",s=>{s.key==="Escape"&&this.#g(e)}),e}#d(t){this.#e.append(t),this.#s.set(t,xt),this.#f()}#y(){let t=[...this.#s.keys()].filter(n=>n!==this.#o);if(t.length<(this.#w.matches?jt:4))return;let e=t.find(n=>!n.matches(":hover, :focus-within"))??t[0],s=e.dataset.kind!=="problem";this.#u(e),s&&this.more(1)}#g(t){let e=t.nextElementSibling??t.previousElementSibling,s=t.matches(":focus-within");this.#u(t),s&&e?.querySelector("[data-dismiss]").focus()}#u(t){t.remove(),this.#s.delete(t),this.#i.delete(t),t===this.#r&&(this.#r=null),t===this.#o&&(this.#o=null,this.#a=0)}#f(){this.#h??=setInterval(()=>{if(!this.#m()){for(let[t,e]of[...this.#s])e<=et?this.#u(t):this.#s.set(t,e-et);this.#s.size>0||(clearInterval(this.#h),this.#h=null)}},et)}#m(){return document.hidden||this.#e.matches(":focus-within")?!0:this.#l.matches&&this.#e.matches(":hover")}};var Kt="bellhop-toasts",P=Symbol.for("bellhop.toasts");function H(i,t){i[P]??={view:Wt(i)},i[P].href=t||i[P].href}function Wt(i){let t=d(Kt),e=t.attachShadow({mode:"open"});e.adoptedStyleSheets=[k(R),k(Et)];let s=d("div",{part:"toasts",role:"status","aria-live":"polite","aria-atomic":"false"});e.append(s),document.documentElement.append(t);let n=new G(s,()=>i[P].href??"",o=>i.follow(o)),r={toast:o=>n.show(o),more:o=>n.more(o),forget:o=>n.forget(o),notice:({status:o})=>n.notice(Tt(o,navigator.onLine)),ended:()=>n.clear()};return i.attach(r),r}var Yt=new Set(["open","signed-out"]),_t={connecting:"Connecting…",waiting:"Reconnecting…",offline:"Offline",open:"Live","signed-out":"Signed out"},$=class{#e;#t;#n=null;#s=!1;#i="connecting";constructor(t,e){this.#e=t,this.#t=e}set(t){t in _t&&(this.#i=t,this.#s||=t==="open",this.#e.dataset.state=t,Yt.has(t)?this.#o():this.#n??=setTimeout(()=>this.#o(),2e3))}hide(){clearTimeout(this.#n),this.#n=null,this.#e.hidden=!0}#o(){clearTimeout(this.#n),this.#n=null;let t=this.#i==="connecting"&&this.#s?"waiting":this.#i;this.#e.dataset.shown=t,this.#t.textContent=_t[t],this.#e.hidden=!1}};var Ot=`
:host {
  display: inline-flex !important;
  align-items: center;
  gap: 0.5rem;
  visibility: visible;
  font-family: var(--bellhop-font, inherit);
}

:host([hidden]) {
  display: none !important;
}

a {
  position: relative;
  display: inline-grid;
  place-items: center;
  min-width: 2.75rem;
  min-height: 2.75rem;
  border-radius: 50%;
  color: inherit;
  text-decoration: none;
  cursor: pointer;
}

a:focus-visible {
  outline: 2px solid currentColor;
  outline-offset: -2px;
}

[part="badge"] {
  position: absolute;
  inset-block-start: 0.125rem;
  inset-inline-start: 50%;
  min-width: 1.25rem;
  padding: 0 0.3125rem;
  border-radius: 0.625rem;
  background: var(--_badge);
  color: var(--_badge-text);
  font-size: 0.75rem;
  font-weight: 700;
  line-height: 1.25rem;
  text-align: center;
}

[part="status"] {
  display: none;
  align-items: center;
  gap: 0.375rem;
  color: var(--_muted);
  font-size: 0.875rem;
}

/* Quiet: a word only where something is wrong, and has been for a while. */
[part="status"]:is([data-shown="connecting"], [data-shown="waiting"], [data-shown="offline"]) {
  display: inline-flex;
}

[part="dot"] {
  width: 0.5rem;
  height: 0.5rem;
  border-radius: 50%;
  background: var(--_mark);
}

[data-shown="open"] > [part="dot"] {
  background: light-dark(#1d6b3f, #7fd1a0);
}

[data-shown="offline"] > [part="dot"],
[data-shown="signed-out"] > [part="dot"] {
  background: var(--_danger);
}

@media (forced-colors: active) {
  [part="badge"] {
    border: 1px solid;
  }

  [part="dot"] {
    background: CanvasText;
    forced-color-adjust: none;
  }
}
`;function At(i){return i===0?"No unread notifications":i===1?"1 unread notification":`${i} unread notifications`}function B(i){return i>99?"99+":String(i)}var zt=/^\((?:\d+|99\+)\) /,It=new Set;function Nt(i){let[t=""]=zt.exec(document.title)??[],e=It.has(t)?document.title.slice(t.length):document.title,s=i===0?"":`(${B(i)}) `;s&&It.add(s),document.title!==s+e&&(document.title=s+e)}var j=class extends HTMLElement{#e=null;#t={unread:t=>this.#o(t),state:({state:t})=>this.#r(t),ended:()=>this.#o(0)};#n;#s;#i;connectedCallback(){this.#n===void 0&&this.#a(),this.#n.setAttribute("href",this.getAttribute("href")??"");let t=F({api:this.getAttribute("api"),socket:this.getAttribute("socket"),csrfHeader:this.getAttribute("csrf-header")});this.#e=t,t.attach(this.#t),H(t,this.getAttribute("href")),this.#o(t.unread),this.#r(t.state),t.state===l.SIGNED_OUT&&t.refresh()}disconnectedCallback(){this.#e.detach(this.#t)}#o(t){this.#s.textContent=B(t),this.#s.hidden=t===0,this.#n.setAttribute("aria-label",At(t)),this.setAttribute("unread",String(t)),this.hasAttribute("title-count")&&Nt(t)}#r(t){this.setAttribute("state",t),t===l.SIGNED_OUT&&!this.#e.hasEnded?this.#i.hide():this.#i.set(t)}#a(){let t=this.attachShadow({mode:"open"});t.adoptedStyleSheets=[k(R),k(Ot)],this.#s=d("span",{part:"badge","data-testid":"bell-count","aria-hidden":"true",hidden:!0});let e=d("span",{part:"icon"},E(b.bell,22));this.#n=d("a",{part:"bell","data-testid":"bell"},e,this.#s);let s=d("span",{part:"word","data-word":!0},"Connecting…"),n=d("span",{part:"status","data-testid":"connection","data-state":"connecting",hidden:!0},d("span",{part:"dot","aria-hidden":"true"}),s);this.#i=new $(n,s),t.append(n,this.#n)}};var K=class{#e;#t;#n;#s;#i=Promise.resolve();#o=!1;#r=!1;#a=!1;constructor({seq:t,rev:e,fetchList:s,applyList:n}){this.#e=t,this.#t=e,this.#n=s,this.#s=n}get seq(){return this.#e}arrived(t){if(t<=this.#e)return!1;let e=t>this.#e+1;return this.#e=t,e&&this.refresh(),!0}changed({since:t,seq:e,rev:s,reload:n=!1}){return s<=this.#t?!1:(n||t>this.#t||e>this.#e?this.refresh():this.#t=s,!n)}answered({rev:t,changed:e}){return t<=this.#t?!1:(e>0&&t===this.#t+1?this.#t=t:this.refresh(),e>0)}joined({seq:t,rev:e}){(t>this.#e||e>this.#t)&&this.refresh()}ready({seq:t,rev:e}){let s=e!==this.#t||t<this.#e;this.#e=Math.min(this.#e,t),this.#t=Math.min(this.#t,e),(s||this.#a)&&this.refresh()}beat({seq:t,rev:e}){(t>this.#e||e>this.#t||this.#a)&&this.refresh()}refresh(){return this.#o?this.#r=!0:this.#i=this.#h(),this.#i}async#h(){this.#o=!0;do{this.#r=!1;let t=this.#t;try{let e=await this.#n(),{seq:s,rev:n}=e;this.#s(e),n<this.#t&&t<this.#t&&(this.#r=!0),this.#t=n,this.#e=Math.max(this.#e,s),this.#a=!1}catch{this.#a=!0,this.#r=!1}}while(this.#r);this.#o=!1}};var Vt=[["year",31557600],["month",2629800],["week",604800],["day",86400],["hour",3600],["minute",60]];function Mt(i,t,e){let s=Math.round((t-i)/1e3);for(let[n,r]of Vt)if(s>=r)return e.format(-Math.floor(s/r),n);return"just now"}var Jt=new Intl.RelativeTimeFormat("en",{numeric:"auto"}),Xt=new Intl.DateTimeFormat(void 0,{dateStyle:"full",timeStyle:"medium"});function v(i,t=Date.now()){for(let e of i.querySelectorAll("time[datetime]")){let s=Date.parse(e.dateTime);Number.isNaN(s)||(e.textContent=Mt(s,t,Jt),e.title=Xt.format(s))}}var W=i=>i.dataset.id,g=i=>Number(i.dataset.seq);function x(i,t){i.dataset.read=String(t)}function Ct(i,t){let e=i.content.firstElementChild.cloneNode(!0),{id:s,seq:n,kind:r,message:o,body:h,url:a,created:c,read:u}=t;Object.assign(e.dataset,{id:s,seq:n,kind:r}),x(e,!!u);let it=e.querySelector("[data-message]");it.textContent=o;let nt=U(a);nt!==null&&(it.href=nt);let rt=e.querySelector("[data-body]");return rt.textContent=h??"",rt.hidden=!h,e.querySelector("time").dateTime=c,e.querySelector("input[name=id]").value=s,e}var Qt=50,st=200,Y=class{#e;#t;#n;#s;constructor(t){this.#e=t,this.#t=t.querySelector("[data-items]"),this.#n=t.querySelector("template"),this.#s=t.dataset.newest==="true",this.#h()}get element(){return this.#e}add(t){this.#s&&(this.#o(t),this.#r(),this.#h())}apply({read:t=[],unread_ids:e=[],archived:s=[],removed:n=[],through:r}){let[o,h,a]=[new Set(t),new Set(e),new Set([...s,...n])];for(let c of this.#i()){let u=W(c);a.has(u)?c.remove():h.has(u)?x(c,!1):(o.has(u)||g(c)<=r)&&x(c,!0)}this.#h()}endAt(t){for(let s of this.#i())g(s)>t&&s.remove();let e=this.#e.querySelector("input[name=through]");e.value=Math.min(t,Number(e.value)),this.#h()}query(){let t=this.#i().map(g),e=Math.min(Math.max(t.length,Qt),st);return this.#s||t.length===0?{limit:e}:{limit:t.length,before:Math.max(...t)+1}}reconcile({results:t,seq:e,next:s}){let n=new Map(this.#i().map(a=>[W(a),a])),r=this.#s?e:Math.max(0,...this.#i().map(g)),o=s===null?0:Math.min(...t.map(a=>a.seq)),h=new Set(t.map(a=>a.id));for(let[a,c]of n)g(c)<=r&&(this.#s||g(c)>=o)&&!h.has(a)&&c.remove();for(let a of t){let c=n.get(a.id);c!==void 0?x(c,a.read):a.seq<=r&&this.#o(a)}this.#s&&this.#a(s!==null),this.#r(),this.#h()}#i(){return[...this.#t.children]}#o(t){let e=null;for(let n of this.#t.children){if(W(n)===t.id)return;e===null&&g(n)<t.seq&&(e=n)}let s=Ct(this.#n,t);v(s),this.#t.insertBefore(s,e)}#r(){if(!(this.#t.childElementCount<=st)){for(;this.#t.childElementCount>st;)this.#t.lastElementChild.remove();this.#a(!0)}}#a(t){let e=this.#e.querySelector("[data-older]");e.hidden=!t||this.#t.childElementCount===0,e.hidden||(e.href=`${this.#e.dataset.url}?before=${g(this.#t.lastElementChild)}`)}#h(){let t=this.#i();this.#e.querySelector("[data-empty]").hidden=t.length>0,this.#t.hidden=t.length===0;let e=this.#e.querySelector("input[name=through]");this.#s&&t.length>0&&(e.value=Math.max(g(t[0]),Number(e.value)))}showUnread(t){this.#e.querySelector("[data-mark-all]").hidden=t===0,this.#e.querySelector("[data-unread]").textContent=t===0?"All caught up":`${t} unread`}};function Lt(i,{mark:t,failed:e}){i.addEventListener("submit",async s=>{let n=s.target;if(!n.matches("form[data-mark]")||(s.preventDefault(),n.ariaBusy==="true"))return;n.ariaBusy="true";let r=new FormData(n),o=s.submitter?.value||r.get("action"),h=r.get("id"),a=Number(r.get("through")),c=Zt(n);try{await t(o,h?{ids:[h]}:{through:a}),c()}catch(u){e(u)}finally{n.ariaBusy=null}})}function Zt(i){if(!i.contains(document.activeElement))return()=>{};let t=i.closest("[data-id]"),e=t?.parentElement,s=t?[...e.children].indexOf(t):-1;return()=>{let n=document.activeElement;if(n!==document.body&&n.checkVisibility())return;([...(i.isConnected?i:e?.children[Math.min(s,e.childElementCount-1)])?.querySelectorAll("button")??[]].find(h=>h.checkVisibility())??document.getElementById("bellhop-inbox-title"))?.focus()}}var te=6e4,z=class extends HTMLElement{#e=null;#t;#n;#s;#i;#o={rendered:t=>this.#r(t)?this.#s.seq:1/0,unread:this.#a(t=>this.#n.showUnread(t)),joined:this.#a(t=>this.#s.joined(t)),ready:this.#a(t=>{this.#n.endAt(t.seq),this.#s.ready(t)}),beat:this.#a(t=>this.#s.beat(t)),changed:this.#a(t=>this.#s.changed(t)&&this.#n.apply(t)),answered:this.#a((t,e)=>this.#s.answered(e)&&this.#n.apply(t)),arrived:this.#a(t=>this.#s.arrived(t.seq)&&this.#n.add(t)),resync:this.#a(()=>this.#s.refresh())};connectedCallback(){let{bellhopUser:t,seq:e,rev:s}=this.dataset;this.#t=t||void 0;let n=F({api:this.getAttribute("api"),socket:this.getAttribute("socket"),csrfHeader:this.getAttribute("csrf-header")});if(this.#e=n,this.#n===void 0&&(this.#n=new Y(this),this.#s=new K({seq:Number(e),rev:Number(s),fetchList:()=>n.list(this.#n.query(),this.#t),applyList:o=>this.#n.reconcile(o)}),this.#h(n)),v(this),this.#i=setInterval(()=>v(this),te),n.attach(this.#o),H(n,this.dataset.url),n.position===null)return;this.#o.joined(n.position);let r=!this.#r(n.userKey);for(let o of this.querySelectorAll("[data-bellhop-signed-out]"))o.hidden=!r}disconnectedCallback(){clearInterval(this.#i),this.#e.detach(this.#o)}#r(t){return this.#t===void 0||this.#t===t}#a(t){return(...e)=>{this.#r(this.#e.userKey)&&t(...e)}}#h(t){Lt(this,{mark:(e,s)=>t.mark(e,s,this.#t),failed:e=>t.tellFailure(e)}),this.addEventListener("click",e=>{let s=e.target.closest("a[data-message][href]"),n=s?.closest("[data-id]");if(!n)return;let{id:r,read:o}=n.dataset,h={id:r,url:s.getAttribute("href"),message:s.textContent,read:o==="true"};t.follow(h,this.#t)||e.preventDefault()})}};for(let[i,t]of[["bellhop-bell",j],["bellhop-inbox",z]])customElements.get(i)===void 0&&customElements.define(i,t);"bellhop"in window||Object.defineProperty(window,"bellhop",{get:yt,configurable:!0});})();
